using VpnConfinement.Plan;

namespace VpnConfinement.Compile.Nftables;

/// <summary>
/// The host's table for one host link: nothing is forwarded from or to it, what comes in from it is replies only, with the namespace's own
/// address as source. It only ever drops packets of our own link, so it changes nothing for the rest of the host.
/// </summary>
public static class HostRuleset
{
    /// <summary>The text that nft loads.</summary>
    public static string Compile(HostLinkPlan link)
    {
        var fromLink = Match.In(link.HostInterface);
        return new Ruleset(link.HostTable, [], [],
        [
            Of("input",
                Rule.Accept(
                    fromLink,
                    Match.From(link.NamespaceAddress),
                    Match.To(link.HostAddress),
                    Match.Back,
                    Match.EstablishedOrRelated),
                Counted(fromLink)),
            Of("forward", Counted(fromLink), Counted(Match.Out(link.HostInterface))),
        ]).ToString();
    }

    private static Chain Of(string hook, params IReadOnlyList<Rule> rules) =>
        new(hook, hook, "filter - 10", Verdict.Accept, rules);

    private static Rule Counted(Match match) => new(Verdict.Drop, Rule.Unnamed, match);
}
