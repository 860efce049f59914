using System.Globalization;
using System.Net;

namespace VpnConfinement.Model;

/// <summary>Names and subnets that follow from a namespace's name alone, so that they are the same on every host and at every run.</summary>
public static class HostLinkDerivation
{
    // 169.254.0.0/16 holds 16384 subnets of 4 addresses.
    private const uint SubnetCount = 16384;

    /// <summary>The host's interface: <c>vh-</c> and 12 hex digits.</summary>
    public static string HostInterface(NamespaceName ns) => "vh-" + Hex12("host:" + ns);

    /// <summary>The namespace's interface: <c>vn-</c> and 12 hex digits.</summary>
    public static string NamespaceInterface(NamespaceName ns) => "vn-" + Hex12("ns:" + ns);

    /// <summary>The host's nftables table for this link: <c>vpnc_host_</c> and 12 hex digits, one a namespace.</summary>
    public static string HostTable(NamespaceName ns) => "vpnc_host_" + Hex12("host:" + ns);

    /// <summary>Hardware address of the host's end.</summary>
    public static MacAddress HostMac(NamespaceName ns) => MacAddress.Local(Hex12("host-mac:" + ns));

    /// <summary>Hardware address of the namespace's end.</summary>
    public static MacAddress NamespaceMac(NamespaceName ns) => MacAddress.Local(Hex12("ns-mac:" + ns));

    /// <summary>The /30 of 169.254.0.0/16 that the name falls on, past those that are reserved.</summary>
    public static IPNetwork Subnet(NamespaceName ns)
    {
        var index = uint.Parse(ContentHash.Of(ns.ToString()).AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) % SubnetCount;
        while (IsReserved(index))
        {
            index = (index + 1) % SubnetCount;
        }

        return new IPNetwork(new IPAddress([169, 254, (byte)(index >> 6), (byte)((index << 2) & 0xff)]), 30);
    }

    // RFC 3927 2.1 reserves 169.254.0/24 and 169.254.255/24; 169.254.169.254 is every cloud's metadata service.
    private static bool IsReserved(uint index) => index >> 6 is 0 or 255 || index == ((169u << 6) | (254u >> 2));

    private static string Hex12(string text) => ContentHash.Of(text)[..12];
}
