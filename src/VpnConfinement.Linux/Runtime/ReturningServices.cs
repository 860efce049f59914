using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>
/// The services that a tunnel took down with it, and their return (docs/adr/0006). The record is for this boot only: a boot starts what is
/// enabled, by itself.
/// </summary>
public static class ReturningServices
{
    /// <summary>Called while the tunnel is about to stop and the services still run: writes down which do.</summary>
    /// <returns>Those that were written down.</returns>
    public static IReadOnlyList<string> Record(Systemctl systemctl, NamespacePlan plan)
    {
        var up = plan.Services.SelectMany(systemctl.UpUnits).Distinct().Order(StringComparer.Ordinal).ToList();
        if (up.Count > 0)
        {
            AtomicFile.Write(StateLayout.ReturnRecord(plan.Namespace), string.Join('\n', up) + "\n");
        }

        return up;
    }

    /// <summary>Called when the tunnel is up again: asks systemd to start what was written down, once.</summary>
    /// <returns>Those that were asked for.</returns>
    public static IReadOnlyList<string> Start(Systemctl systemctl, NamespacePlan plan)
    {
        var path = StateLayout.ReturnRecord(plan.Namespace);
        if (!File.Exists(path))
        {
            return [];
        }

        // A service that is no longer confined is not started: it would start on the normal network.
        var confined = plan.Services.ToHashSet(StringComparer.Ordinal);
        var units = File.ReadAllLines(path).Where(u => confined.Contains(u) || confined.Contains(TemplateOf(u))).ToList();
        systemctl.StartNoBlock(units);
        File.Delete(path);
        return units;
    }

    private static string TemplateOf(string unit)
    {
        var at = unit.IndexOf('@', StringComparison.Ordinal);
        return at < 0 ? unit : unit[..(at + 1)] + ".service";
    }
}
