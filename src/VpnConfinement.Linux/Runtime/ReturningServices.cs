using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Runtime;

/// <summary>
/// The services that a tunnel took down with it, and their return (docs/adr/0006). What belongs to a namespace is asked of systemd and not
/// read from the plan, which may be damaged just then. The record is for this boot only: a boot starts what is enabled, by itself.
/// </summary>
public static class ReturningServices
{
    /// <summary>Called while the tunnel is about to stop and the services still run: writes down which do.</summary>
    /// <returns>Those that were written down.</returns>
    public static IReadOnlyList<string> Record(Systemctl systemctl, string ns)
    {
        var up = Wanting(systemctl, ns).Where(u => systemctl.IsUp(u) && !systemctl.IsOneConnection(u)).Order(StringComparer.Ordinal).ToList();
        if (up.Count > 0)
        {
            AtomicFile.Write(StateLayout.ReturnRecord(ns), string.Join('\n', up) + "\n");
        }

        return up;
    }

    /// <summary>
    /// Called when the tunnel is up again: asks systemd to start what was written down. The record stays until they are up, so that a tunnel
    /// which goes down once more meanwhile forgets nobody.
    /// </summary>
    /// <returns>Those that were asked for.</returns>
    public static IReadOnlyList<string> Start(Systemctl systemctl, string ns)
    {
        // What ran on without the tunnel wants this unit again: it writes down who comes back should the namespace go.
        var returns = StateLayout.ReturnUnit(ns);
        var runOn = Wanting(systemctl, ns).Any(systemctl.IsUp);

        // A service that is no longer confined is not started: it would start on the normal network.
        var units = Recorded(ns).Where(u => systemctl.Show(u, "NetworkNamespacePath").GetValueOrDefault("NetworkNamespacePath") == StateLayout.Netns(ns)).ToList();
        systemctl.StartNoBlock(runOn ? [.. units, returns] : units);
        return units;
    }

    /// <summary>Called when the services' starts are through: forgets them.</summary>
    public static void Forget(string ns)
    {
        if (File.Exists(StateLayout.ReturnRecord(ns)))
        {
            File.Delete(StateLayout.ReturnRecord(ns));
        }
    }

    /// <summary>What is written down.</summary>
    public static IReadOnlyList<string> Recorded(string ns) =>
        StateFile.Read(StateLayout.ReturnRecord(ns))?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static string[] Wanting(Systemctl systemctl, string ns) =>
        [.. UnitWords.Split(systemctl.Show(StateLayout.ReturnUnit(ns), "WantedBy").GetValueOrDefault("WantedBy") ?? "")];
}
