using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Compile.Nftables;

/// <summary>
/// The ruleset of a namespace (docs/security.md, S-2 to S-6): one table, policy drop on every hook, replaced as one transaction. Every value
/// in it is a number, an address or a checked interface name, printed from its type and never from the user's text.
/// </summary>
public static class NamespaceRuleset
{
    /// <summary>Name of the table, family inet.</summary>
    public const string Table = "vpnc";

    /// <summary>The ruleset of a namespace that was never applied.</summary>
    public static string Compile(ConfinedNamespace ns)
    {
        var plan = PlanCompiler.Compile(ns, null);
        return Compile(plan, plan.Policy!);
    }

    /// <summary>The text that nft loads into a netns without the table; over an older one it is loaded with that one's deletion before it.</summary>
    /// <param name="plan">The namespace.</param>
    /// <param name="policy">Its policy.</param>
    public static string Compile(NamespacePlan plan, PolicyPlan policy) =>
        $"# Ruleset of the namespace {plan.Namespace}, made by vpn-confinement; `vpn-confinement apply` writes it anew.\n"
        + new Ruleset(Table, RefusedCounters.All, NamespaceSets.Of(plan, policy),
        [
            Chain.Closed("input", InputChain.Of(plan, policy)),
            Chain.Closed("forward", [new Rule(Verdict.Drop, RefusedCounters.Forward)]),
            Chain.Closed("output", OutputChain.Of(plan, policy)),
        ]);

    /// <summary>The policy of a plan, where that plan's ruleset is what this program makes of it; null otherwise.</summary>
    /// <remarks>The ruleset of another version may allow more than this one's by the same policy.</remarks>
    public static PolicyPlan? PolicyOf(NamespacePlan plan) =>
        plan.Policy is { } policy && ContentHash.Of(Compile(plan, policy)) == plan.RulesetSha256 ? policy : null;

    /// <summary>What is no business of either interface and comes first in both chains.</summary>
    internal static IEnumerable<Rule> Begin(NamespacePlan plan, Match loopback) =>
    [
        Rule.Accept(loopback),
        new Rule(Verdict.Drop, RefusedCounters.Invalid, Match.Invalid),
        .. plan.DisableIPv6 ? (Rule[])
        [
            new Rule(Verdict.Drop, RefusedCounters.IPv6, Match.IPv6),
            new Rule(Verdict.Drop, RefusedCounters.IPv6, Match.IPv6InIPv4),
        ] : [],
    ];

    /// <summary>The versions of IP that the tunnel carries.</summary>
    internal static IReadOnlyList<IpFamily> Families(NamespacePlan plan) =>
        plan.DisableIPv6 ? [IpFamily.V4] : [IpFamily.V4, IpFamily.V6];
}
