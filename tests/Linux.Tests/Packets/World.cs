using System.Net;

namespace VpnConfinement.Linux.Tests.Packets;

/// <summary>The addresses of the packet tests.</summary>
internal static class World
{
    internal static readonly IPAddress
        Own = IPAddress.Parse("10.64.0.2"), OwnV6 = IPAddress.Parse("fd00:64::2"),
        Dns = IPAddress.Parse("10.64.0.1"), DnsV6 = IPAddress.Parse("fd00:64::1"),
        Listed = IPAddress.Parse("198.51.100.9"), ListedV6 = IPAddress.Parse("2001:db8:1::9"),
        Listed2 = IPAddress.Parse("203.0.113.200"), Listed2V6 = IPAddress.Parse("2001:db8:3::9"),
        Unlisted = IPAddress.Parse("203.0.113.9"), UnlistedV6 = IPAddress.Parse("2001:db8:2::9"),
        Caller = IPAddress.Parse("203.0.113.50"), CallerV6 = IPAddress.Parse("2001:db8:2::50"),
        ListedCaller = IPAddress.Parse("198.51.100.50"), ListedCallerV6 = IPAddress.Parse("2001:db8:1::50"),
        Host = IPAddress.Parse("10.99.0.1"), HostV6 = IPAddress.Parse("fd00:99::1"),
        Link = IPAddress.Parse("10.99.0.2"), LinkV6 = IPAddress.Parse("fd00:99::2"),
        BehindHost = IPAddress.Parse("10.98.0.7"), BehindHostV6 = IPAddress.Parse("fd00:98::7"),
        OtherOwn = IPAddress.Parse("10.97.0.2"), OtherOwnV6 = IPAddress.Parse("fd00:97::2");
}
