using System.Text;
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
/// Brings the host to what a configuration compiles to. The order keeps every unit confined by the old or the new configuration, or
/// stopped: new files, reload, check what systemd loaded, stop what changed, delete what no longer belongs, reload, start what had been running.
/// </summary>
/// <param name="systemctl">The running systemd.</param>
/// <param name="say">Takes a line for the user about each step.</param>
public sealed class Applier(Systemctl systemctl, Action<string> say)
{
    // What a first run stopped for good: where a second one takes that change back, they are started again.
    private readonly List<string> _stopped = [];

    /// <summary>Units that the last <see cref="Run"/> was to start.</summary>
    public IReadOnlyList<string> Started { get; private set; } = [];

    /// <summary>What has to be done.</summary>
    /// <exception cref="SystemFailure">A file or a netns that is not ours is where one of ours has to go.</exception>
    public ApplyPlan Prepare(Manifest applied, CompiledTree tree)
    {
        CheckNames(tree);
        var ours = applied.Files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var file in tree.Files.Where(f => !ours.Contains(f.Path) && f.Path.StartsWith(StateLayout.UnitFolder, StringComparison.Ordinal) && File.Exists(f.Path)))
        {
            if (!OwnFiles.IsOurs(file.Path))
            {
                throw new SystemFailure($"{file.Path} exists and was not made by vpn-confinement", "rename that unit, or give the WireGuard interface another name");
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
        RenewTables(tree.Plans.Select(p => p.Namespace));
        StopFrozen(tree);
        HostRoutes.Ensure(tree, say);
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

    /// <summary>Does it.</summary>
    /// <param name="applied">What was applied last.</param>
    /// <param name="tree">What is to be.</param>
    /// <param name="plan">What <see cref="Prepare"/> found.</param>
    /// <param name="generation">The number under which <paramref name="tree"/> is kept.</param>
    /// <param name="stays">Whether the change stays though units do not start; otherwise that is a failure of the change.</param>
    /// <returns>Which units did not start, where the change stays all the same; null where all did.</returns>
    /// <exception cref="SystemFailure">The system refused something. Files are as they were, or every changed unit is stopped.</exception>
    public SystemFailure? Run(Manifest applied, CompiledTree tree, ApplyPlan plan, int generation, bool stays)
    {
        RenewTables(applied.Namespaces.Except(plan.Stops).Select(n => n.Name));
        var wanted = Manifest.Of(tree) with { Generation = generation };
        var units = plan.Restarts.Concat(plan.Unconfined).Concat(plan.Stops.SelectMany(n => n.Units).Select(u => u.Name)).Distinct().ToList();
        var up = SocketsFirst(systemctl.UpUnits(units)
            .Concat(applied.Starting)
            .Concat(systemctl.DownAmong(applied.Unstarted))
            .Concat(_stopped)
            .Concat(plan.Stops.SelectMany(n => ReturningServices.Recorded(n.Name))).Distinct());
        var lasting = up.Where(u => !systemctl.IsOneConnection(u)).ToList();
        var living = plan.Adjustments.Where(a => File.Exists(StateLayout.NetnsMarker(a.Namespace))).ToList();
        // Told of the new files they would take what is still as it was for damage, and repair what is changed here.
        var watchers = systemctl.UpUnits([.. living.Select(a => a.Namespace).Concat(plan.Stops.Select(n => n.Name)).Distinct().Select(StateLayout.WatchUnit)]);
        WriteFiles(applied.ChangingTo(wanted, lasting, [.. plan.KeyWrites.Select(k => k.Path)]), tree, plan, watchers);
        TellOfDaemons(plan);
        Adjust(living, tree);
        PlaceRepair.RunAll(plan.Repairs);
        _stopped.AddRange(lasting);
        Stop(up, plan);
        CheckEmptied(up);
        DescriptorStores.Clean(systemctl, plan.Restarts.Concat(up));
        HostRoutes.Ensure(tree, say);
        DeleteFiles(plan);
        var confined = wanted.Namespaces.SelectMany(n => n.Units).Select(u => u.Name).ToHashSet(StringComparer.Ordinal);
        var starting = lasting.Where(u => confined.Contains(u) || confined.Contains(UnitName.TemplateOf(u))).ToList();
        // Through once they are up; until then what was applied before is what a change that failed goes back to.
        if (starting.Count == 0)
        {
            GenerationStore.Through(generation);
        }

        ManifestStore.Save(starting.Count == 0 ? wanted : wanted with { Starting = starting, Generation = applied.Generation });
        var failures = new[] { Start(starting, "confined, and did not start again"), Start(plan.PublishStarts, "published ports whose socket does not listen") }
            .OfType<SystemFailure>().ToList();
        var failure = failures.Count < 2 ? failures.FirstOrDefault() : new SystemFailure(string.Join("; ", failures.Select(f => f.Message)), failures[0].Remedy ?? "", failures[0]);
        if (failure is not null && !stays)
        {
            throw failure;
        }

        Started = [.. starting, .. plan.PublishStarts];
        GenerationStore.Through(generation);
        ManifestStore.Save(failure is null ? wanted : wanted with { Unstarted = [.. systemctl.DownAmong(starting).Order(StringComparer.Ordinal)] });
        Watch([.. plan.Unwatched, .. living.Select(a => a.Namespace)]);
        foreach (var unit in plan.Unconfined)
        {
            say($"{unit}: no longer confined, and stopped");
        }

        return failure;
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

    // systemd starts no socket beside its running service, so a socket has to be asked for first.
    private static List<string> SocketsFirst(IEnumerable<string> units) => [.. units.OrderBy(u => UnitName.IsSocketName(u) ? 0 : 1).ThenBy(u => u, StringComparer.Ordinal)];

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

    // By a table that another version loaded, a later change could not be told.
    private void RenewTables(IEnumerable<string> namespaces)
    {
        foreach (var ns in namespaces)
        {
            OwnTables.Renew(ns, say);
        }
    }

    private void WriteFiles(Manifest changing, CompiledTree tree, ApplyPlan plan, IReadOnlyList<string> watchers)
    {
        var changes = new FileChanges();

        try
        {
            systemctl.Stop(watchers);
            changes.Write(StateLayout.Manifest, Encoding.UTF8.GetBytes(ManifestJson.Write(changing)), AtomicFile.PublicMode);
            KeyCopies.Write(changes, tree.Keys);
            foreach (var file in plan.Writes)
            {
                changes.Install(file);
            }

            systemctl.DaemonReload();
            CheckLoaded(tree);
        }
        catch (Exception e) // whatever it was: nothing may stay half written
        {
            changes.UndoAll(
                () =>
                {
                    systemctl.DaemonReload();
                    systemctl.StartNoBlock(watchers);
                },
                e);
            throw;
        }

        if (plan.Writes.Count > 0)
        {
            say($"wrote {plan.Writes.Count} {(plan.Writes.Count == 1 ? "file" : "files")}, systemd reloaded");
        }
    }

    // What is down comes up changed. Where this fails, what is up is under the old ruleset or the new one, or has no link.
    private void Adjust(IReadOnlyList<PlannedAdjustment> living, CompiledTree tree)
    {
        var plans = tree.Plans.ToDictionary(p => p.Namespace, StringComparer.Ordinal);
        var down = systemctl.DownAmong([.. living.Select(a => StateLayout.WireGuardUnit(plans[a.Namespace].WireGuard.Interface))]);
        foreach (var (ns, _, ruleset) in living)
        {
            var tunnel = StateLayout.WireGuardUnit(plans[ns].WireGuard.Interface);
            try
            {
                NetnsUp.Adjust(PlanStore.Load(ns), ruleset, static _ => { });
                if (File.Exists(StateLayout.PinPlace(ns)))
                {
                    EndpointPin.Up(plans[ns], static _ => { });
                }

                if (!down.Contains(tunnel))
                {
                    WireGuardUp.Run(plans[ns], static _ => { });
                }

                say($"changed on the living tunnel of {ns}");
            }
            catch (SystemFailure e) when (new[] { StateLayout.NetnsUnit(ns), tunnel }.Any(u => !down.Contains(u) && !IsActive(u)))
            {
                // Its last service ended, of the flow that was ended here for one, and took it down meanwhile.
                say($"{ns} went down meanwhile and comes up changed ({e.Message})");
            }
        }
    }

    // None is told to read anew: systemd-networkd deletes routing rules of others then.
    private void TellOfDaemons(ApplyPlan plan)
    {
        foreach (var (path, unit, command) in new[]
        {
            (StateLayout.NetworkdFile, "systemd-networkd.service", "networkctl reload"),
            (StateLayout.NetworkManagerFile, "NetworkManager.service", "nmcli general reload conf"),
        })
        {
            if (plan.Writes.Any(file => file.Path == path) && IsActive(unit))
            {
                say($"{unit} reads {path} when it starts next; '{command}' has it read now");
            }
        }
    }

    private bool IsActive(string unit) => ActiveState(unit) is "active";

    private string? ActiveState(string unit) => systemctl.Show(unit, "ActiveState").GetValueOrDefault("ActiveState");

    private void Stop(List<string> up, ApplyPlan plan)
    {
        // It would repair what is taken down here, and it knows the old plan.
        systemctl.Stop(systemctl.Known([.. plan.Stops.Select(n => StateLayout.WatchUnit(n.Name))]));

        // Before the namespaces go: a caller would have systemd bring one up again.
        systemctl.Stop(systemctl.Known([.. plan.PublishStops.SelectMany(s => new[] { s, StateLayout.ForwarderOf(s) })]));
        Block(ControlGroup.FrozenAmong(up), plan);
        var running = systemctl.UpUnits(up);
        if (running.Count > 0)
        {
            say($"stopping {string.Join(", ", running)}");
            systemctl.Stop(running);
        }

        systemctl.Stop(systemctl.Known([.. plan.Stops.SelectMany(n => new[] { StateLayout.WireGuardUnit(n.Interface), StateLayout.PinUnit(n.Name), StateLayout.NetnsUnit(n.Name) })]));
        foreach (var ns in plan.Stops)
        {
            // Where a unit could not clean up behind itself. What is somebody else's stays.
            var state = Netns.Observe(ns.Name);
            (state as NetnsState.Ours)?.Handle.Dispose();
            if (state is NetnsState.Foreign)
            {
                continue;
            }

            RuntimeCalls.WireGuardDown(ns.Name, static _ => { });
            RuntimeCalls.NetnsDown(ns.Name, static _ => { });
            RuntimeCalls.PinDown(ns.Name, static _ => { });
        }
    }

    // What is thawed to be stopped runs until it has ended: where the tunnel has to go anyway, it goes first.
    private void Block(IReadOnlyList<string> frozen, ApplyPlan plan)
    {
        if (frozen.Count > 0)
        {
            say($"thawing {string.Join(", ", frozen)}, which is frozen, to stop it");
            systemctl.Stop(systemctl.Known([.. plan.Stops.Select(n => StateLayout.WireGuardUnit(n.Interface))]));
        }
    }

    // A process that survives the stop (KillMode=process) and is in the host's network stays there: the service may not start beside it.
    private void CheckEmptied(List<string> up)
    {
        var groups = UnitSnapshot.Take(systemctl, up, "ControlGroup");
        foreach (var service in up)
        {
            var left = HostLook.OnHostNetwork(groups, service);
            if (left.Count > 0)
            {
                throw new SystemFailure(
                    $"processes of {service} from before its confinement are still running on the host's network (PIDs {string.Join(", ", left)}); it was left stopped",
                    "end those processes, set KillMode=control-group in its unit, then run 'vpn-confinement apply' and start it");
            }
        }
    }

    private void DeleteFiles(ApplyPlan plan)
    {
        foreach (var path in plan.Deletes.Concat(plan.KeyDeletes).Concat(plan.LeftOvers))
        {
            OwnFiles.Delete(path);
        }

        if (plan.Deletes.Count > 0)
        {
            systemctl.DaemonReload();
            // A gate that refused would count as a failed unit for ever, and so would a pinning that waited for the tunnel to go.
            systemctl.ResetFailed(
            [
                .. plan.Stops.Select(n => StateLayout.GateUnit(n.Name, "*")),
                .. plan.Unconfined.Select(u => StateLayout.GateUnit("*", u)),
                .. plan.Stops.Select(n => StateLayout.PinUnit(n.Name)).Where(u => ActiveState(u) is "failed"),
            ]);
            say($"deleted {plan.Deletes.Count} {(plan.Deletes.Count == 1 ? "file" : "files")}");
        }
    }

    // Nothing depends on a watcher: without one the namespace is as closed, and 'status' says so.
    private void Watch(IReadOnlyList<string> namespaces)
    {
        List<string> units = [.. namespaces.Select(StateLayout.WatchUnit)];

        try
        {
            // One of a program that was replaced is up, and starts anew.
            systemctl.Stop([.. units.Where(IsActive)]);
        }
        catch (SystemFailure e)
        {
            // systemd starts or stops it itself just then.
            say($"a watcher does not start anew: {e.Message}");
        }

        if (Start(units, "watchers that do not run") is { } failure)
        {
            say($"what others change is not repaired: {failure.Message}");
        }
    }

    // One that fails keeps no other from its start.
    private SystemFailure? Start(IReadOnlyList<string> units, string failure)
    {
        if (units.Count == 0)
        {
            return null;
        }

        say($"starting {string.Join(", ", units)}");
        SystemFailure? refused = null;
        try
        {
            systemctl.Start(units);
        }
        catch (SystemFailure e)
        {
            refused = e;
        }

        var down = systemctl.DownAmong(units).Order(StringComparer.Ordinal).ToList();
        return down.Count == 0 && refused is null ? null
            : down.Count == 0 ? refused
            : new SystemFailure(
                $"{failure}: {string.Join(", ", down)}{(refused is null ? "" : $" ({refused.Message})")}", $"see 'systemctl status {down[0]}'", refused);
    }
}
