using System.Net;
using VpnConfinement.Linux.Tests.Policy;

namespace VpnConfinement.Linux.Tests.Packets;

/// <summary>The same places in one family or the other.</summary>
internal sealed record Ends(
    bool IsIPv6, IPAddress Own, IPAddress Dns, IPAddress Listed, IPAddress Listed2, IPAddress Unlisted, IPAddress Caller, IPAddress ListedCaller, IPAddress Host, IPAddress Link,
    IPAddress BehindHost, IPAddress OtherOwn)
{
    internal byte Icmp => IsIPv6 ? PacketWriter.IcmpV6 : PacketWriter.Icmp;

    internal byte Echo => IsIPv6 ? (byte)128 : (byte)8;

    internal byte Unreachable => IsIPv6 ? (byte)1 : (byte)3;

    internal IPAddress Loopback => IsIPv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;

    internal IPAddress LinkLocal => IPAddress.Parse(IsIPv6 ? "fe80::7" : "169.254.7.7");

    internal IPAddress Multicast => IPAddress.Parse(IsIPv6 ? "ff02::fb" : "224.0.0.251");

    /// <summary>A group to which the kernel itself listens.</summary>
    internal IPAddress JoinedMulticast => IPAddress.Parse(IsIPv6 ? "ff02::1" : "224.0.0.1");

    /// <summary>Where no tunnel leads, one or two of each kind.</summary>
    internal IEnumerable<IPAddress> Special => (IsIPv6
        ? new[] { "::", "::1", "fe80::7", "febf::1", "ff02::fb", "ff0e::1" }
        : ["0.1.2.3", "127.0.0.9", "169.254.169.254", "169.254.7.7", "224.0.0.251", "239.1.2.3", "240.0.0.1", "255.255.255.255", "10.64.0.255", "10.99.0.1", "10.99.0.3"]).Select(IPAddress.Parse);

    /// <summary>Flags with which connection tracking takes a segment for invalid when it knows no flow.</summary>
    internal IEnumerable<TcpControl> Senseless =>
        [TcpControl.None, TcpControl.Syn | TcpControl.Fin, TcpControl.Syn | TcpControl.Ack, TcpControl.Rst, TcpControl.Fin | TcpControl.Ack];

    internal static Ends Of(bool ipv6) => ipv6
        ? new(true, World.OwnV6, World.DnsV6, World.ListedV6, World.Listed2V6, World.UnlistedV6, World.CallerV6, World.ListedCallerV6, World.HostV6, World.LinkV6, World.BehindHostV6, World.OtherOwnV6)
        : new(false, World.Own, World.Dns, World.Listed, World.Listed2, World.Unlisted, World.Caller, World.ListedCaller, World.Host, World.Link, World.BehindHost, World.OtherOwn);
}
