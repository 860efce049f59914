using System.Net;
using System.Net.Sockets;

namespace VpnConfinement.Compile.Nftables;

/// <summary>A version of IP, in the words of nft(8).</summary>
/// <param name="Keyword">What a match of its header begins with.</param>
/// <param name="Suffix">Ending of the names of sets that hold its addresses.</param>
internal sealed record IpFamily(string Keyword, string Suffix)
{
    internal static IpFamily V4 { get; } = new("ip", "v4");

    internal static IpFamily V6 { get; } = new("ip6", "v6");

    /// <summary>Type of a set of its addresses.</summary>
    internal string SetType => $"ip{Suffix}_addr";

    internal static IpFamily Of(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? V6 : V4;

    internal bool Has(IPAddress address) => Of(address) == this;
}
