using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>Which namespaces are not in the kernel as they were brought up: somebody changed or deleted a name, a link, a peer or a ruleset.</summary>
internal static class RuntimeDamage
{
    /// <summary>
    /// The damaged ones, with what is wrong; and those with a table that only an older version's record knows.
    /// </summary>
    internal static IReadOnlyDictionary<string, Damage> Of(IReadOnlyList<ManifestNamespace> namespaces) =>
        namespaces.Select(n => n.Name).Distinct(StringComparer.Ordinal).Select(n => (Name: n, Damage: Find(n)))
            .Where(d => d.Damage is not null).ToDictionary(d => d.Name, d => d.Damage!, StringComparer.Ordinal);

    // What cannot be read counts as damaged.
    private static Damage? Find(string ns)
    {
        NamespacePlan plan;
        try
        {
            plan = PlanStore.Load(ns).Plan;
        }
        catch (SystemFailure)
        {
            return new Damage(
                DamagedPart.Name,
                    $"what was applied for namespace {ns} ({StateLayout.Plan(ns)} and the ruleset beside it) is missing or damaged");
        }

        try
        {
            var found = NamespaceDamage.Find(plan, withKeys: true);
            return found is null or { Part: DamagedPart.Record } && NamespaceDamage.OfHostRoute(plan) is { } route
                ? new Damage(DamagedPart.Outside, route)
                : found;
        }
        catch (SystemFailure e)
        {
            return new Damage(DamagedPart.Name, $"namespace {ns} cannot be looked at: {e.Message}");
        }
    }
}
