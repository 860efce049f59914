using VpnConfinement.Compile;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Change;

/// <summary>
/// Decides the steps of a change. Their order keeps every unit confined by the old or the new configuration, or
/// stopped: new files, stop what gets another network, reload, check what systemd loaded, stop what changed, delete
/// what no longer belongs, reload, start what had been running.
/// </summary>
public static class ChangeSteps
{
    // Neither is told to read anew: systemd-networkd deletes routing rules of others then.
    private static readonly (string Path, string Unit, string Command)[] Daemons =
    [
        (StateLayout.NetworkdFile, "systemd-networkd.service", "networkctl reload"),
        (StateLayout.NetworkManagerFile, "NetworkManager.service", "nmcli general reload conf"),
    ];

    /// <summary>The confined units that a change stops where they are up.</summary>
    public static IReadOnlyList<string> UnitsOf(ApplyPlan plan) =>
    [
        .. plan.Restarts.Concat(plan.Unconfined)
            .Concat(plan.Stops.SelectMany(n => n.Units).Select(u => u.Name)).Distinct(),
    ];

    /// <summary>The watchers of the namespaces that a change touches in the kernel.</summary>
    public static IReadOnlyList<string> WatchersOf(ApplyPlan plan) =>
    [
        .. plan.Adjustments.Select(a => a.Namespace).Concat(plan.Stops.Select(n => n.Name)).Distinct()
            .Select(StateLayout.WatchUnit),
    ];

    /// <summary>The network daemons whose file a change writes.</summary>
    public static IReadOnlyList<string> DaemonsOf(ApplyPlan plan) =>
        [.. Daemons.Where(d => plan.Writes.Any(f => f.Path == d.Path)).Select(d => d.Unit)];

    /// <summary>Decides.</summary>
    /// <param name="applied">What was applied last.</param>
    /// <param name="tree">What is to be.</param>
    /// <param name="plan">What that changes.</param>
    /// <param name="host">What is seen of the units.</param>
    /// <param name="generation">The number under which <paramref name="tree"/> is kept; 0 for none.</param>
    /// <param name="stays">Whether the change stays though units do not start.</param>
    public static IReadOnlyList<ChangeStep> Of(
        Manifest applied,
        CompiledTree tree,
        ApplyPlan plan,
        ChangeObservation host,
        int generation,
        bool stays)
    {
        var wanted = Manifest.Of(tree) with { Generation = generation };
        var units = SocketsFirst(host.Up.Concat(applied.Starting).Concat(host.Unstarted).Concat(host.Stopped)
            .Concat(host.Returning).Distinct());
        var lasting = units.Where(u => !host.IsOneConnection(u)).ToList();
        var living = plan.Adjustments.Where(a => host.Living.Contains(a.Namespace)).ToList();
        return
        [
            .. Renew(applied, plan),
            .. Writing(applied.ChangingTo(wanted, lasting, [.. plan.KeyWrites.Select(k => k.Path)]), tree, plan,
                WatchersToPause(host, living, plan), Moving(wanted, host), lasting)
                .Select(step => step with { IsUndone = true }),
            .. Written(plan, host),
            .. living.Count > 0 ? [new ChangeStep.Adjust(living, tree.Plans)] : Nothing,
            .. plan.Repairs.Count > 0 ? [new ChangeStep.RepairInPlace(plan.Repairs)] : Nothing,
            .. Stopping(units, lasting, plan),
            new ChangeStep.EnsureRoutes(tree),
            .. Deleting(plan),
            new ChangeStep.SettleFailures(plan, tree),
            .. Starting(applied, wanted, plan, Confined(wanted, lasting), stays),
            .. Watching([.. plan.Unwatched, .. living.Select(a => a.Namespace)]),
            .. plan.Unconfined.Select(u => new ChangeStep.Tell($"{u}: no longer confined, and stopped")),
        ];
    }

    private static IEnumerable<ChangeStep> Nothing => [];

    // systemd starts no socket beside its running service, so a socket has to be asked for first.
    private static List<string> SocketsFirst(IEnumerable<string> units) =>
        [.. units.OrderBy(u => UnitName.IsSocketName(u) ? 0 : 1).ThenBy(u => u, StringComparer.Ordinal)];

    private static List<string> Confined(Manifest wanted, List<string> units)
    {
        var confined = wanted.Namespaces.SelectMany(n => n.Units).Select(u => u.Name)
            .ToHashSet(StringComparer.Ordinal);
        return [.. units.Where(u => confined.Contains(u) || confined.Contains(UnitName.TemplateOf(u)))];
    }

    private static IEnumerable<ChangeStep> Renew(Manifest applied, ApplyPlan plan)
    {
        var staying = applied.Namespaces.Except(plan.Stops).Select(n => n.Name).ToList();
        return staying.Count > 0 ? [new ChangeStep.RenewTables(staying)] : [];
    }

    // Told of the new files they would take what is still as it was for damage, and repair what is changed here.
    private static List<string> WatchersToPause(
        ChangeObservation host, List<PlannedAdjustment> living, ApplyPlan plan)
    {
        var touched = living.Select(a => a.Namespace).Concat(plan.Stops.Select(n => n.Name))
            .Select(StateLayout.WatchUnit).ToHashSet(StringComparer.Ordinal);
        return [.. host.Watchers.Where(touched.Contains)];
    }

    private static List<string> Moving(Manifest wanted, ChangeObservation host)
    {
        var networks = wanted.Namespaces.SelectMany(n => n.Units.Select(u => (u.Name, Path: StateLayout.Netns(n.Name))))
            .ToDictionary(u => u.Name, u => u.Path, StringComparer.Ordinal);
        return SocketsFirst(host.Up.Where(u =>
            (networks.GetValueOrDefault(u) ?? networks.GetValueOrDefault(UnitName.TemplateOf(u))) is { } wantedPath
            && host.Networks[u] != wantedPath));
    }

    // By its new definition a unit would be stopped in a namespace that may not be there yet, and its ExecStop= would
    // fail (225/NETWORK). So one that gets another network is stopped by what systemd has loaded of it. Not before all
    // is written: a write that fails has stopped nothing. Where something starts it again before the reload, it runs
    // where it ran before, and is stopped with the others.
    private static IEnumerable<ChangeStep> Writing(
        Manifest changing,
        CompiledTree tree,
        ApplyPlan plan,
        List<string> watchers,
        List<string> moving,
        List<string> lasting) =>
    [
        .. watchers.Count > 0 ? [new ChangeStep.PauseWatchers(watchers)] : Nothing,
        new ChangeStep.Record(changing),
        .. tree.Keys.Count > 0 ? [new ChangeStep.WriteKeys(tree.Keys)] : Nothing,
        .. plan.Writes.Count > 0 ? [new ChangeStep.WriteFiles(plan.Writes)] : Nothing,
        .. moving.Count > 0 ? Stop(moving, [.. moving.Intersect(lasting)], tunnels: []) : Nothing,
        new ChangeStep.Reload(),
        new ChangeStep.CheckLoaded(tree),
    ];

    private static IEnumerable<ChangeStep> Written(ApplyPlan plan, ChangeObservation host)
    {
        if (plan.Writes.Count > 0)
        {
            yield return new ChangeStep.Tell($"wrote {Files(plan.Writes.Count)}, systemd reloaded");
        }

        foreach (var (path, unit, command) in Daemons.Where(d => host.Daemons.Contains(d.Unit)))
        {
            yield return new ChangeStep.Tell(
                $"{unit} reads {path} when it starts next; '{command}' has it read now");
        }
    }

    private static IEnumerable<ChangeStep> Stopping(List<string> units, List<string> lasting, ApplyPlan plan)
    {
        // It would repair what is taken down here, and it knows the old plan.
        foreach (var step in StopUnits(plan.Stops.Select(n => StateLayout.WatchUnit(n.Name))))
        {
            yield return step;
        }

        // Before the namespaces go: a caller would have systemd bring one up again.
        foreach (var step in StopUnits(plan.PublishStops.SelectMany(s => new[] { s, StateLayout.ForwarderOf(s) })))
        {
            yield return step;
        }

        if (units.Count > 0)
        {
            var tunnels = plan.Stops.Select(n => StateLayout.WireGuardUnit(n.Interface)).ToList();
            foreach (var step in Stop(units, lasting, tunnels))
            {
                yield return step;
            }
        }

        foreach (var step in StopUnits(plan.Stops.SelectMany(n => new[]
            {
                StateLayout.WireGuardUnit(n.Interface), StateLayout.PinUnit(n.Name), StateLayout.NetnsUnit(n.Name),
            })))
        {
            yield return step;
        }

        foreach (var ns in plan.Stops)
        {
            yield return new ChangeStep.TakeDown(ns.Name);
        }

        if (units.Count > 0)
        {
            yield return new ChangeStep.CheckEmptied(units);
        }

        if (plan.Restarts.Count + units.Count > 0)
        {
            yield return new ChangeStep.CleanStores([.. plan.Restarts.Concat(units).Distinct()]);
        }
    }

    private static IEnumerable<ChangeStep> Stop(
        IReadOnlyList<string> units, IReadOnlyList<string> returning, IReadOnlyList<string> tunnels) =>
        [new ChangeStep.CutOffFrozen(units, tunnels), new ChangeStep.StopServices(units, returning)];

    private static IEnumerable<ChangeStep> StopUnits(IEnumerable<string> units)
    {
        var all = units.ToList();
        return all.Count > 0 ? [new ChangeStep.StopUnits(all)] : [];
    }

    private static IEnumerable<ChangeStep> Deleting(ApplyPlan plan)
    {
        var paths = plan.Deletes.Concat(plan.KeyDeletes).Concat(plan.LeftOvers).ToList();
        if (paths.Count > 0)
        {
            yield return new ChangeStep.Delete(paths);
        }

        if (plan.Deletes.Count > 0)
        {
            yield return new ChangeStep.Reload();
            yield return new ChangeStep.ForgetFailures(
                [
                    .. plan.Stops.Select(n => StateLayout.GateUnit(n.Name, "*")),
                    .. plan.Unconfined.Select(u => StateLayout.GateUnit("*", u)),
                ],
                [.. plan.Stops.Select(n => StateLayout.PinUnit(n.Name))]);
            yield return new ChangeStep.Tell($"deleted {Files(plan.Deletes.Count)}");
        }
    }

    // Commit the generation only when the units run; until then a failure rolls back to the previous one.
    private static IEnumerable<ChangeStep> Starting(
        Manifest applied, Manifest wanted, ApplyPlan plan, List<string> starting, bool stays)
    {
        if (starting.Count == 0)
        {
            yield return new ChangeStep.Commit(wanted.Generation);
            yield return new ChangeStep.Record(wanted);
        }
        else
        {
            yield return new ChangeStep.Record(
                wanted with { Starting = starting, Generation = applied.Generation });
            yield return new ChangeStep.Start(starting, "confined, and did not start again");
        }

        if (plan.PublishStarts.Count > 0)
        {
            yield return new ChangeStep.Start(plan.PublishStarts, "published ports whose socket does not listen");
        }

        if (starting.Count + plan.PublishStarts.Count > 0 && !stays)
        {
            yield return new ChangeStep.RequireStarted();
        }

        if (starting.Count > 0)
        {
            yield return new ChangeStep.Commit(wanted.Generation);
            yield return new ChangeStep.RecordStarted(wanted, starting);
        }
    }

    private static IEnumerable<ChangeStep> Watching(List<string> namespaces) =>
        namespaces.Count > 0 ? [new ChangeStep.Watch([.. namespaces.Select(StateLayout.WatchUnit)])] : [];

    private static string Files(int count) => $"{count} {(count == 1 ? "file" : "files")}";
}
