using VpnConfinement.Drift;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>What of the applied namespaces is not as it was brought up.</summary>
internal static class RuntimeDamage
{
    /// <summary>Looks at all of them.</summary>
    internal static IReadOnlyList<DriftEntry> Of(IReadOnlyList<ManifestNamespace> namespaces) =>
        [.. namespaces.Select(n => n.Name).Distinct(StringComparer.Ordinal).SelectMany(Find)];

    private static IReadOnlyList<DriftEntry> Find(string ns)
    {
        NamespacePlan plan;
        try
        {
            plan = PlanStore.Load(ns).Plan;
        }
        catch (SystemFailure)
        {
            return
            [
                new DriftEntry(
                    DriftKind.Namespace,
                    ns,
                    $"what was applied for namespace {ns} ({StateLayout.Plan(ns)} and the ruleset beside it) is missing or "
                    + "damaged"),
            ];
        }

        return NamespaceLook.Find(plan, withKeys: true);
    }
}
