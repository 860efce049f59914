using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VpnConfinement.Model;
using VpnConfinement.State;

namespace VpnConfinement.Compile.Nftables;

/// <summary>Stand-in.</summary>
public static class EndpointPinRuleset
{
    /// <summary>Table.</summary>
    public static string Table(NamespaceName ns) => "vpnc_endpoint_pin_" + ContentHash.Of(ns.ToString())[..12];

    /// <summary>Text.</summary>
    public static string Compile(NamespaceName ns, uint mark, IReadOnlyList<IPEndPoint> endpoints)
    {
        var hex = "0x" + mark.ToString("x8", CultureInfo.InvariantCulture);
        var lines = endpoints.Select(e => $"\t\tmeta mark {hex} {(e.AddressFamily == AddressFamily.InterNetwork ? "ip" : "ip6")} daddr {e.Address} udp dport {e.Port} counter accept\n");
        return $"table inet {Table(ns)} {{\n\tchain output {{\n\t\ttype filter hook output priority filter; policy accept;\n{string.Concat(lines)}\t\tmeta mark {hex} counter drop\n\t}}\n}}\n";
    }
}
