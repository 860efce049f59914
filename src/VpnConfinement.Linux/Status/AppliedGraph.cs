using VpnConfinement.Graph;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Runtime;

namespace VpnConfinement.Linux.Status;

/// <summary>The picture of what was applied.</summary>
public static class AppliedGraph
{
    /// <summary>Makes it.</summary>
    /// <exception cref="SystemFailure">It is not known what was applied, or a plan is damaged.</exception>
    public static IReadOnlyList<GraphNamespace> Read() =>
    [
        .. ManifestStore.LoadKnown().Namespaces
            .Select(n => GraphReader.Of(n, PlanStore.Load(n.Name).Plan, StateFile.Read)),
    ];
}
