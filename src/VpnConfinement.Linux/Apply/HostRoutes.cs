using VpnConfinement.Compile;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Runtime;

namespace VpnConfinement.Linux.Apply;

/// <summary>
/// The host's unreachable routes of all host links that are applied (S-36): there before anything starts, also for a
/// namespace that is down.
/// </summary>
internal static class HostRoutes
{
    /// <summary>Makes each be there, and no other of ours.</summary>
    internal static void Ensure(CompiledTree tree, Action<string> say)
    {
        var links = tree.Plans.Where(p => p.HostLink is not null)
            .ToDictionary(p => p.Namespace, p => p.HostLink!.Subnet, StringComparer.Ordinal);
        foreach (var (ns, subnet) in links)
        {
            if (HostRoute.Ensure(ns, subnet))
            {
                say($"made the host's unreachable route to {subnet}");
            }
        }

        HostRoute.DeleteOthers(links.Keys.ToHashSet(StringComparer.Ordinal));
    }
}
