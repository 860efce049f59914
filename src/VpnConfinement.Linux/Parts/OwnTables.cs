using VpnConfinement.Compile.Nftables;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Parts;

/// <summary>
/// The nftables tables of one namespace: its own, that of its host link on the host, and that of its endpoints in the
/// birthplace.
/// </summary>
internal static class OwnTables
{
    /// <summary>That inside, as a plan wants it.</summary>
    internal static NftTable Inside(StoredPlan stored) =>
        NftTable.Of(NftTable.Confinement, stored.Ruleset, StateLayout.RulesetRecord(stored.Plan.Namespace));

    /// <summary>The same by the hash of its text alone.</summary>
    /// <param name="ns">Name of the namespace.</param>
    /// <param name="source">The hash, or null for the text that was loaded last.</param>
    internal static NftTable Inside(string ns, string? source) =>
        new(NftTable.Confinement, source, StateLayout.RulesetRecord(ns), () => PlanStore.Load(ns).Ruleset);

    /// <summary>That of the host link.</summary>
    internal static NftTable OnHost(string ns, HostLinkPlan link) =>
        NftTable.Of(link.HostTable, HostRuleset.Compile(link), StateLayout.HostRulesetRecord(ns));

    /// <summary>That of the endpoints.</summary>
    internal static NftTable Pinning(NamespacePlan plan, PinPlan pinning) => NftTable.Of(
        pinning.Table,
        EndpointPinRuleset.Compile(pinning, plan.WireGuard.Endpoints),
        StateLayout.PinRecord(plan.Namespace));

    /// <summary>
    /// Makes sure of those that another version loaded: what is as this one would load it is written down, what is not
    /// is loaded again in place.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="SystemFailure">The kernel refused.</exception>
    internal static bool Renew(string ns, Action<string> log)
    {
        var isDue = NeedRenewal(ns);
        if (isDue)
        {
            PlaceRepair.Run(PlanStore.Load(ns), log);
        }

        return isDue;
    }

    // A record that this version cannot hold the kernel's report against.
    private static bool NeedRenewal(string ns) =>
        new[] { StateLayout.RulesetRecord(ns), StateLayout.HostRulesetRecord(ns), StateLayout.PinRecord(ns) }
            .Any(path => RulesetRecord.LoadFirst(path) is not null || RulesetRecord.IsUnreadable(path));
}
