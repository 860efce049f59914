using System.Globalization;
using System.Net;
using VpnConfinement.Model;

namespace VpnConfinement.Compile.Nftables;

/// <summary>
/// What a packet must be like for a rule: one expression of nft(8), printed from values and never from the user's text.
/// </summary>
internal sealed class Match
{
    /// <summary>Only a bare SYN begins a connection.</summary>
    private const string FlagsOfTcp = "tcp flags & (fin | syn | rst | ack)";

    private readonly string _text;

    private Match(string text) => _text = text;

    internal static Match InByLoopback { get; } = new("iifname \"lo\"");

    internal static Match OutByLoopback { get; } = new("oifname \"lo\"");

    internal static Match BareSyn { get; } = new($"{FlagsOfTcp} == syn");

    internal static Match NoBareSyn { get; } = new($"{FlagsOfTcp} != syn");

    internal static Match IPv6 { get; } = new("meta nfproto ipv6");

    /// <summary>IPv6 inside IPv4.</summary>
    internal static Match IPv6InIPv4 { get; } = new("ip protocol 41");

    /// <summary>The way that the flow began.</summary>
    internal static Match Onward { get; } = new("ct direction original");

    /// <summary>The other way of a known flow.</summary>
    internal static Match Back { get; } = new("ct direction reply");

    internal static Match Invalid { get; } = new("ct state invalid");

    internal static Match New { get; } = new("ct state new");

    internal static Match Established { get; } = new("ct state established");

    internal static Match EstablishedOrRelated { get; } = new("ct state established,related");

    internal static Match TcpOrUdp { get; } = new("meta l4proto { tcp, udp }");

    /// <summary>Protocols other than TCP whose ports are where those of TCP are.</summary>
    internal static Match WithPortsNotTcp { get; } = new("meta l4proto { udp, udplite, sctp, dccp }");

    internal static Match In(InterfaceName link) => new($"iifname \"{link}\"");

    internal static Match Out(InterfaceName link) => new($"oifname \"{link}\"");

    internal static Match OutByAnyBut(InterfaceName link) => new($"oifname != \"{link}\"");

    internal static Match From(IPAddress address) => new($"{IpFamily.Of(address).Keyword} saddr {address}");

    internal static Match To(IPAddress address) => new($"{IpFamily.Of(address).Keyword} daddr {address}");

    internal static Match FromAny(IpFamily family, IEnumerable<IPAddress> addresses) =>
        new($"{family.Keyword} saddr {{ {string.Join(", ", addresses)} }}");

    internal static Match ToAny(IpFamily family, IEnumerable<IPAddress> addresses) =>
        new($"{family.Keyword} daddr {{ {string.Join(", ", addresses)} }}");

    internal static Match FromSet(IpFamily family, string set) => new($"{family.Keyword} saddr @{set}_{family.Suffix}");

    internal static Match FromOutside(IpFamily family, string set) =>
        new($"{family.Keyword} saddr != @{set}_{family.Suffix}");

    internal static Match ToSet(IpFamily family, string set) => new($"{family.Keyword} daddr @{set}_{family.Suffix}");

    internal static Match ToUdpEndpoint(IpFamily family, string set) =>
        new($"{family.Keyword} daddr . udp dport @{set}_{family.Suffix}");

    internal static Match ToTcpPort(string set) => new($"tcp dport @{set}");

    internal static Match ToUdpPort(string set) => new($"udp dport @{set}");

    internal static Match ToPort(string set) => new($"th dport @{set}");

    internal static Match ToPort(ushort port) => new(string.Create(CultureInfo.InvariantCulture, $"th dport {port}"));

    internal static Match FromPort(ushort port) => new(string.Create(CultureInfo.InvariantCulture, $"th sport {port}"));

    /// <summary>ICMP errors without which no connection works (RFC 792, RFC 4443).</summary>
    internal static Match EssentialIcmp(IpFamily family) => new(family == IpFamily.V4
        ? "icmp type { destination-unreachable, time-exceeded, parameter-problem }"
        : "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem }");

    internal static Match Mark(uint mark) => new("meta mark 0x" + mark.ToString("x8", CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override string ToString() => _text;
}
