using System.Net;
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
        var families = resolvers.Distinct().GroupBy(IpFamily.Of).OrderBy(g => g.Key.Suffix, StringComparer.Ordinal).ToList();
        return new Ruleset(Table, [Sent, Asked, Answered], [],
        [
            new Chain("sent", "postrouting", "filter", Verdict.Accept,
            [
                new Rule(Verdict.None, Sent, Match.Out(tunnel)),
                .. families.Select(f => new Rule(
                    Verdict.None, Asked, Match.Out(tunnel), Match.ToAny(f.Key, f), Match.TcpOrUdp, Match.ToPort(53))),
            ]),
            new Chain("received", "input", "filter + 10", Verdict.Accept,
            [
                .. families.Select(f => new Rule(
                    Verdict.None, Answered, Match.In(tunnel), Match.FromAny(f.Key, f), Match.TcpOrUdp, Match.FromPort(53))),
            ]),
        ]).ToString();
    }
}
