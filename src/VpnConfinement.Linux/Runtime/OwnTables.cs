using VpnConfinement.Linux.Nftables;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Runtime;

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
        NftTable.Of(link.HostTable, link.HostRuleset, StateLayout.HostRulesetRecord(ns));

    /// <summary>That of the endpoints.</summary>
    internal static NftTable Pinning(string ns, PinPlan pinning) =>
        NftTable.Of(pinning.Table, pinning.Ruleset, StateLayout.PinRecord(ns));

    /// <summary>
    /// Makes sure of those that another version loaded: what is as this one would load it is written down, what is not
    /// is loaded again in place.
    /// </summary>
    /// <exception cref="SystemFailure">The kernel refused.</exception>
    internal static void Renew(StoredPlan stored, Action<string> log)
    {
        NetnsUp.RepairInPlace(stored, log);
        if (stored.Plan.Pinning is not null && WireGuardRecord.Load(stored.Plan.Namespace) is not null)
        {
            EndpointPin.Up(stored.Plan, log);
        }
    }

    /// <summary>
    /// Whether of one of them there is only a record that this version cannot hold the kernel's report against.
    /// </summary>
    internal static bool NeedRenewal(string ns) =>
        new[] { StateLayout.RulesetRecord(ns), StateLayout.HostRulesetRecord(ns), StateLayout.PinRecord(ns) }
            .Any(path => RulesetRecord.LoadFirst(path) is not null || RulesetRecord.IsUnreadable(path));
}
