using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Lookups;
using VpnConfinement.Plan;
using VpnConfinement.Verify;

namespace VpnConfinement.Linux.Verify;

/// <summary>
/// Where the canaries of one run go: addresses that are nobody's (RFC 5737, RFC 3849), the host's resolvers and
/// gateways, and the host's ends of host links.
/// </summary>
internal sealed class CanaryTargets
{
    private const ushort DnsPort = 53;

    // Ports that nobody is likely to listen at, below those that the kernel gives out.
    private const int FirstPort = 20000;
    private const int LastPort = 30000;
    private const int MostHostAddresses = 6;

    private readonly IPAddress _nobody = new([198, 51, 100, (byte)RandomNumberGenerator.GetInt32(1, 255)]);
    private readonly IPAddress _nobodyElse = new([203, 0, 113, (byte)RandomNumberGenerator.GetInt32(1, 255)]);
    private readonly IPAddress _nobody6 = new([0x20, 1, 0xd, 0xb8, .. RandomNumberGenerator.GetBytes(12)]);
    private readonly IPAddress _loopback = new([127, 86, 67, (byte)RandomNumberGenerator.GetInt32(1, 255)]);
    private readonly IReadOnlyList<IPAddress> _resolvers;
    private readonly IReadOnlyList<IPAddress> _others;

    private CanaryTargets(IReadOnlyList<IPAddress> resolvers, IReadOnlyList<IPAddress> others) =>
        (_resolvers, _others) = (resolvers, others);

    /// <summary>All of them.</summary>
    internal IEnumerable<IPAddress> All =>
        [_nobody, _nobodyElse, _nobody6, _loopback, .. _resolvers, .. _others];

    /// <summary>Reads the host's.</summary>
    /// <param name="links">The host links.</param>
    internal static CanaryTargets Of(IEnumerable<HostLinkPlan> links) => new(
        [.. ResolvConf.Servers(StateLayout.HostPlace).Select(Canary.TargetOf)],
        [.. Gateways().Take(MostHostAddresses), .. links.Select(l => l.HostAddress).Take(MostHostAddresses)]);

    /// <summary>The canaries of one service.</summary>
    internal IReadOnlyList<Canary> OfService() =>
    [
        Make(CanaryKind.Udp, _nobody), Make(CanaryKind.Udp, _nobodyElse), Make(CanaryKind.Udp, _nobody6),
        Make(CanaryKind.Tcp, _nobody), Make(CanaryKind.Tcp, _nobodyElse), Make(CanaryKind.Tcp, _nobody6),
        Make(CanaryKind.Icmp, _nobody), Make(CanaryKind.Icmp, _nobody6),
        Make(CanaryKind.Dns, _nobodyElse), .. _resolvers.Select(r => Make(CanaryKind.Dns, r)),
        .. _resolvers.Concat(_others).SelectMany(a => new[] { Make(CanaryKind.Udp, a), Make(CanaryKind.Tcp, a) }),
    ];

    /// <summary>What only root can send, and is tried once in each namespace.</summary>
    internal IReadOnlyList<Canary> OfRoot() =>
        [Make(CanaryKind.RawIcmp, _nobody), .. _others.Select(a => Make(CanaryKind.RawIcmp, a))];

    /// <summary>
    /// What a capture must see: over the loopback, and towards an address that is nobody's, which no router passes on.
    /// </summary>
    internal IReadOnlyList<Canary> Controls() => [Make(CanaryKind.Udp, _loopback), Make(CanaryKind.Udp, _nobodyElse)];

    private static Canary Make(CanaryKind kind, IPAddress address) => new(
        kind,
        address,
        kind switch
        {
            CanaryKind.Udp or CanaryKind.Tcp => (ushort)RandomNumberGenerator.GetInt32(FirstPort, LastPort),
            CanaryKind.Dns => DnsPort,
            CanaryKind.Icmp or CanaryKind.RawIcmp => 0,
            _ => throw new InvalidOperationException("a canary of an unknown kind"),
        },
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));

    // Of IPv4: the third column, in the machine's order (proc_net(5)).
    private static IEnumerable<IPAddress> Gateways() => KernelFile.ReadLines("/proc/thread-self/net/route").Skip(1)
        .Select(line => line.Split('\t')).Where(columns => columns.Length > 2 && columns[2] != "00000000")
        .Select(columns => Number(columns[2])).Where(a => a != 0).Distinct().Select(ToAddress);

    private static uint Number(string hex) =>
        uint.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static IPAddress ToAddress(uint bytes)
    {
        var address = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(address, bytes);
        return new IPAddress(address);
    }
}
