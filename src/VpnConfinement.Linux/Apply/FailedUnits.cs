using VpnConfinement.Compile;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>
/// Units of ours that failed over something that <c>apply</c> has just made right. systemd calls a unit failed until it
/// starts again, and nothing may want to start it. What fails afterwards fails anew, and is told.
/// </summary>
/// <param name="systemctl">The running systemd.</param>
internal sealed class FailedUnits(Systemctl systemctl)
{
    /// <summary>
    /// Has systemd forget the failures of the namespaces that a change has taken down or changed, and of the start
    /// gates of the units that it restarts. Where services wait for a tunnel that failed, both are to be started
    /// instead: the watcher repairs the tunnel only as long as it has failed.
    /// </summary>
    /// <returns>The units to start.</returns>
    /// <exception cref="SystemFailure">systemd refused.</exception>
    internal IReadOnlyList<string> Settle(ApplyPlan plan, CompiledTree tree)
    {
        var adjusted = plan.Adjustments.Select(a => a.Namespace).ToHashSet(StringComparer.Ordinal);
        ManifestNamespace[] changed = [.. plan.Stops, .. tree.Namespaces.Where(n => adjusted.Contains(n.Name))];
        var failed = systemctl.FailedAmong(
            [.. changed.SelectMany(UnitsOf), .. plan.Restarts.Select(unit => StateLayout.GateUnit("*", unit))]);
        var waiting = changed.Where(n => adjusted.Contains(n.Name) && UnitsOf(n).Any(failed.Contains)
            && Waiting(n).Count > 0).ToList();
        systemctl.ResetFailed([.. failed.Except(waiting.SelectMany(UnitsOf))]);
        return [.. waiting.SelectMany(n => Waiting(n).Prepend(StateLayout.WireGuardUnit(n.Interface)))];
    }

    /// <summary>
    /// Has systemd forget the failures of what makes the host's unreachable routes at boot: the routes are there.
    /// </summary>
    /// <exception cref="SystemFailure">systemd refused.</exception>
    internal void SettleRoutes(CompiledTree tree) => systemctl.ResetFailed(
        [.. systemctl.FailedAmong([.. tree.Namespaces.Select(n => StateLayout.HostRouteUnit(n.Name))])]);

    private static IEnumerable<string> UnitsOf(ManifestNamespace ns) =>
    [
        StateLayout.NetnsUnit(ns.Name), StateLayout.WireGuardUnit(ns.Interface), StateLayout.PinUnit(ns.Name),
        StateLayout.RefreshUnit(ns.Interface), StateLayout.ReturnUnit(ns.Name), StateLayout.WatchUnit(ns.Name),
    ];

    // What is no longer confined does not start: it would be on the host's network.
    private static List<string> Waiting(ManifestNamespace ns) =>
    [
        .. ReturningServices.Recorded(ns.Name)
            .Where(unit => ns.Units.Any(u => u.Name == unit || u.Name == UnitName.TemplateOf(unit))),
    ];
}
