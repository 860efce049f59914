using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>Which namespaces are not in the kernel as they were brought up: somebody changed or deleted a name, a link, a peer or a ruleset.</summary>
internal static class RuntimeDamage
{
    internal static IReadOnlySet<string> Of(IReadOnlyList<ManifestNamespace> namespaces) =>
        namespaces.Where(IsDamaged).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);

    // A marker says that the namespace was brought up; what cannot be read counts as damaged.
    private static bool IsDamaged(ManifestNamespace ns)
    {
        try
        {
            if (Netns.Observe(ns.Name) is not NetnsState.Ours ours)
            {
                return File.Exists(StateLayout.NetnsMarker(ns.Name));
            }

            using (ours.Handle)
            {
                return !RulesetIsIntact(ns.Name, ours) || !TunnelIsIntact(ns.Name, ours);
            }
        }
        catch (SystemFailure)
        {
            return true;
        }
    }

    private static bool RulesetIsIntact(string ns, NetnsState.Ours ours) =>
        RulesetRecord.Load(StateLayout.RulesetRecord(ns)) is { } record
        && NftContext.RunIn(ours.Handle, context => NftTable.IsLoaded(context, NftTable.Confinement, record.Source, StateLayout.RulesetRecord(ns)));

    // The link and its peers, and what is outside the namespace, where the tunnel's socket is: that netns, and the pinning of the endpoints.
    private static bool TunnelIsIntact(string ns, NetnsState.Ours ours) =>
        WireGuardRecord.Load(ns) is null
        || (WireGuardStatus.HasBirthplace(ns) && PlanStore.Load(ns).Plan is var plan && TunnelDrift.Find(ours.Handle, plan) is null
            && (plan.Pinning is null || EndpointPin.IsLoaded(plan, plan.Pinning)));
}
