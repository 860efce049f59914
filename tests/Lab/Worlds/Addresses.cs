using System.Net;

namespace VpnConfinement.Lab.Worlds;

/// <summary>The addresses of the stand-in for the outside world: documentation ranges only (RFC 5737, RFC 3849).</summary>
public static class Addresses
{
    public const int WireGuardPort = 51820;
    public const string UplinkName = "uplink0";

    public static readonly IPAddress Machine = IPAddress.Parse("198.51.100.2");
    public static readonly IPAddress Gateway = IPAddress.Parse("198.51.100.1");
    public static readonly IPAddress Machine6 = IPAddress.Parse("2001:db8:1::2");
    public static readonly IPAddress Gateway6 = IPAddress.Parse("2001:db8:1::1");
    public static readonly IPAddress Provider = IPAddress.Parse("203.0.113.10");
    public static readonly IPAddress ProviderMoved = IPAddress.Parse("203.0.113.14");
    public static readonly IPAddress ProviderGateway = IPAddress.Parse("203.0.113.9");
    public static readonly IPAddress Web = IPAddress.Parse("203.0.113.80");
    public static readonly IPAddress Web6 = IPAddress.Parse("2001:db8:1::80");
    public static readonly IPAddress OrdinaryResolver = IPAddress.Parse("203.0.113.53");
    public static readonly IPAddress OtherResolver = IPAddress.Parse("203.0.113.99");
    public static readonly IPAddress PinnedResolver = IPAddress.Parse("10.64.0.1");
    public static readonly IPAddress TunnelAddress = IPAddress.Parse("10.64.0.2");
    public static readonly IPAddress SecondTunnelAddress = IPAddress.Parse("10.64.0.3");

    /// <summary>What each resolver answers for any name: an address that tells which one was asked.</summary>
    public static readonly IPAddress OrdinaryAnswer = IPAddress.Parse("203.0.113.153");
    public static readonly IPAddress OtherAnswer = IPAddress.Parse("203.0.113.199");
    public static readonly IPAddress PinnedAnswer = IPAddress.Parse("203.0.113.164");
}
