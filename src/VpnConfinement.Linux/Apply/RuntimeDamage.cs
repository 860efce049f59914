using VpnConfinement.Linux.Runtime;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>Which namespaces are not in the kernel as they were brought up: somebody changed or deleted a name, a link, a peer or a ruleset.</summary>
internal static class RuntimeDamage
{
    internal static IReadOnlySet<string> Of(IReadOnlyList<ManifestNamespace> namespaces) =>
        namespaces.Where(IsDamaged).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);

    private static bool IsDamaged(ManifestNamespace ns)
    {
        try
        {
            return NamespaceDamage.Find(PlanStore.Load(ns.Name).Plan) is not null;
        }
        catch (SystemFailure)
        {
            // What cannot be read counts as damaged.
            return true;
        }
    }
}
