using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>Which namespaces are not in the kernel as they were brought up: somebody deleted a name, a link or a ruleset.</summary>
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
                return !RulesetIsIntact(ns.Name, ours) || TunnelIsGone(ns.Name, ours) || !PathIsIntact(ns.Name);
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

    // What is outside the namespace, where the tunnel's socket is: that netns, and the pinning of the endpoints.
    private static bool PathIsIntact(string ns) =>
        WireGuardRecord.Load(ns) is null
        || (WireGuardStatus.HasBirthplace(ns) && PlanStore.Load(ns).Plan is var plan && (plan.Pinning is null || EndpointPin.IsLoaded(plan, plan.Pinning)));

    private static bool TunnelIsGone(string ns, NetnsState.Ours ours) =>
        WireGuardRecord.Load(ns) is { } record && !WireGuardStatus.HasLink(ours.Handle, record.Interface);
}
