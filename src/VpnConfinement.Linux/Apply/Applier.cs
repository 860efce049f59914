using VpnConfinement.Compile;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>
/// Finds what a change has to do (<see cref="ChangeRun"/> does it), and makes sure of what runs where there is nothing to
/// change.
/// </summary>
/// <param name="systemctl">The running systemd.</param>
/// <param name="say">Takes a line for the user about each step.</param>
public sealed class Applier(Systemctl systemctl, Action<string> say)
{
    /// <summary>What has to be done.</summary>
    /// <exception cref="SystemFailure">A file or a netns that is not ours is where one of ours has to go.</exception>
    public ApplyPlan Prepare(Manifest applied, CompiledTree tree)
    {
        CheckNames(tree);
        var ours = applied.Files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var file in tree.Files.Where(f => !ours.Contains(f.Path)
            && f.Path.StartsWith(StateLayout.UnitFolder, StringComparison.Ordinal) && File.Exists(f.Path)))
        {
            if (!OwnFiles.IsOurs(file.Path))
            {
                throw new SystemFailure(
                    $"{file.Path} exists and was not made by vpn-confinement",
                    "rename that unit, or give the WireGuard interface another name");
            }
        }

        return ApplyPlan.Make(
            applied with { Unstarted = [.. systemctl.DownAmong(applied.Unstarted)] },
            tree,
            new HostLook(systemctl).At(applied, tree));
    }

    /// <summary>Makes sure that systemd has every unit's confinement as it was written, when there is nothing else to do.</summary>
    /// <exception cref="SystemFailure">It has not: the unit would start unconfined.</exception>
    public void Verify(CompiledTree tree)
    {
        foreach (var plan in tree.Plans)
        {
            OwnTables.Renew(plan.Namespace, say);
        }

        StopFrozen(tree);
        HostRoutes.Ensure(tree, say);
        new FailedUnits(systemctl).SettleRoutes(tree);
        try
        {
            CheckLoaded(tree);
        }
        catch (SystemFailure e)
        {
            // Once more with what is on disk by now: a line that was taken out is loaded until systemd reads again.
            systemctl.DaemonReload();
            CheckLoaded(tree);
            say($"repaired by having systemd read its files again: {e.Message}");
        }
    }

    // Left running, cut off, by a tunnel that went down: stopped as it would have been.
    private void StopFrozen(CompiledTree tree)
    {
        var services = tree.Namespaces.SelectMany(n => n.Units).Where(u => !u.IsSocket).Select(u => u.Name);
        if (ControlGroup.FrozenAmong(services).Count > 0)
        {
            foreach (var tunnel in systemctl.DownAmong([.. tree.Namespaces.Select(n => StateLayout.WireGuardUnit(n.Interface))]))
            {
                FrozenServices.StopBoundTo(tunnel, say);
            }
        }
    }

    private void CheckLoaded(CompiledTree tree) => new LoadedUnits(systemctl).Check(tree);

    private static void CheckNames(CompiledTree tree)
    {
        foreach (var ns in tree.Namespaces)
        {
            var state = Netns.Observe(ns.Name);
            (state as NetnsState.Ours)?.Handle.Dispose();
            if (state is NetnsState.Foreign foreign)
            {
                throw new SystemFailure(foreign.Reason, "then run 'vpn-confinement apply' again");
            }
        }
    }
}
