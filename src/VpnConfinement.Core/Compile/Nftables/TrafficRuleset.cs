using System.Net;
using System.Net.Sockets;
using VpnConfinement.Model;

namespace VpnConfinement.Compile.Nftables;

/// <summary>
/// A table beside the ruleset that counts and decides nothing: what the ruleset let into the tunnel, and questions to and answers from the pinned
/// resolvers. The device's own counts hold handshakes and keepalives as well, which say nothing of what is lost. Without it a namespace is as closed.
/// </summary>
public static class TrafficRuleset
{
    /// <summary>Name of the table, family inet.</summary>
    public const string Table = "vpnc_traffic";

    /// <summary>Packets that entered the tunnel.</summary>
    public const string Sent = "sent_tunnel";

    /// <summary>Those of them that went to a pinned resolver.</summary>
    public const string Asked = "sent_dns";

    /// <summary>Packets that a pinned resolver sent back.</summary>
    public const string Answered = "received_dns";

    /// <summary>The text that nft loads.</summary>
    /// <param name="tunnel">The interface of the tunnel.</param>
    /// <param name="resolvers">The pinned resolvers.</param>
    public static string Compile(InterfaceName tunnel, IReadOnlyList<IPAddress> resolvers)
    {
        var text = new RulesetText();
        text.Line($"table inet {Table} {{");
        text.Counter(Sent);
        text.Counter(Asked);
        text.Counter(Answered);
        text.Line("\tchain sent {\n\t\ttype filter hook postrouting priority filter; policy accept;");
        text.Line($"\t\toifname \"{tunnel}\" counter name \"{Sent}\"");
        Each($"oifname \"{tunnel}\"", "daddr", "th dport 53", Asked);
        text.Line("\t}\n\n\tchain received {\n\t\ttype filter hook input priority filter + 10; policy accept;");
        Each($"iifname \"{tunnel}\"", "saddr", "th sport 53", Answered);
        text.Line("\t}\n}");
        return text.ToString();

        void Each(string link, string direction, string port, string counter)
        {
            foreach (var family in resolvers.Distinct().GroupBy(r => r.AddressFamily == AddressFamily.InterNetworkV6 ? "ip6" : "ip").OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                text.Line($"\t\t{link} {family.Key} {direction} {{ {string.Join(", ", family)} }} meta l4proto {{ tcp, udp }} {port} counter name \"{counter}\"");
            }
        }
    }
}
