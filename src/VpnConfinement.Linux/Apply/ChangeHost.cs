using System.Text;
using VpnConfinement.Change;
using VpnConfinement.Compile;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>This host. Each step is done as it stands; nothing here decides what comes next.</summary>
/// <param name="systemctl">The running systemd.</param>
/// <param name="say">Takes a line for the user about each step.</param>
internal sealed class ChangeHost(Systemctl systemctl, Action<string> say) : IChangeHost
{
    private FileChanges _changes = new();
    private IReadOnlyList<string> _paused = [];
    private IReadOnlyList<string> _stopped = [];

    public void Begin() => (_changes, _paused, _stopped) = (new(), [], []);

    public Manifest Recorded() => ManifestStore.Load();

    public CompiledTree Kept(int generation) => GenerationStore.LoadTree(generation);

    public ApplyPlan Plan(Manifest applied, CompiledTree tree) => new Applier(systemctl, say).Prepare(applied, tree);

    public ChangeObservation Observe(Manifest applied, ApplyPlan plan)
    {
        const string Network = "NetworkNamespacePath";
        var up = systemctl.UpUnits(ChangeSteps.UnitsOf(plan));
        var shown = UnitSnapshot.Take(systemctl, up, Network);
        return new()
        {
            Up = up,
            Networks = up.Distinct().ToDictionary(u => u, u => shown.Of(u, Network) ?? "", StringComparer.Ordinal),
            Watchers = systemctl.UpUnits(ChangeSteps.WatchersOf(plan)),
            Unstarted = [.. systemctl.DownAmong(applied.Unstarted)],
            Returning = [.. plan.Stops.SelectMany(n => ReturningServices.Recorded(n.Name))],
            IsOneConnection = systemctl.IsOneConnection,
            Living = plan.Adjustments.Select(a => a.Namespace).Where(n => File.Exists(StateLayout.NetnsMarker(n)))
                .ToHashSet(StringComparer.Ordinal),
            Daemons = ChangeSteps.DaemonsOf(plan).Where(systemctl.IsActive).ToHashSet(StringComparer.Ordinal),
        };
    }

    public void Do(ChangeStep step)
    {
        switch (step)
        {
            case ChangeStep.RenewTables renew:
                Each(renew.Namespaces, ns => OwnTables.Renew(ns, say));
                break;
            case ChangeStep.PauseWatchers pause:
                _paused = pause.Units;
                systemctl.Stop(pause.Units);
                break;
            case ChangeStep.Record { IsUndone: true } record:
                _changes.Write(
                    StateLayout.Manifest,
                    Encoding.UTF8.GetBytes(ManifestJson.Write(record.Manifest)),
                    AtomicFile.PublicMode);
                break;
            case ChangeStep.Record record:
                ManifestStore.Save(record.Manifest);
                break;
            case ChangeStep.WriteKeys write:
                KeyCopies.Write(_changes, write.Keys);
                break;
            case ChangeStep.WriteFiles write:
                Each(write.Files, _changes.Install);
                break;
            case ChangeStep.Reload:
                systemctl.DaemonReload();
                break;
            case ChangeStep.CheckLoaded check:
                new LoadedUnits(systemctl).Check(check.Tree);
                break;
            case ChangeStep.Tell tell:
                say(tell.Text);
                break;
            case ChangeStep.Adjust adjust:
                LivingTunnels.Adjust(adjust, systemctl, say);
                break;
            case ChangeStep.RepairInPlace repair:
                PlaceRepair.RunAll(repair.Repairs);
                break;
            case ChangeStep.EnsureRoutes ensure:
                HostRoutes.Ensure(ensure.Tree, say);
                break;
            case ChangeStep.Delete delete:
                Each(delete.Paths, OwnFiles.Delete);
                break;
            case ChangeStep.Commit commit:
                GenerationStore.Commit(commit.Generation);
                break;
            default:
                DoOnUnits(step);
                break;
        }
    }

    public SystemFailure? Start(ChangeStep.Start step)
    {
        say($"starting {string.Join(", ", step.Units)}");
        SystemFailure? refused = null;
        try
        {
            systemctl.Start(step.Units);
        }
        catch (SystemFailure e)
        {
            refused = e;
        }

        var down = systemctl.DownAmong(step.Units).Order(StringComparer.Ordinal).ToList();
        return down.Count == 0 ? refused : new SystemFailure(
            $"{step.Failure}: {string.Join(", ", down)}{(refused is null ? "" : $" ({refused.Message})")}",
            $"see 'systemctl status {down[0]}'",
            refused);
    }

    public IReadOnlySet<string> DownAmong(IReadOnlyList<string> units) => systemctl.DownAmong(units);

    public void Undo(Exception cause) => _changes.UndoAll(
        cause,
        ("systemd's reload", () =>
        {
            systemctl.DaemonReload();
            systemctl.StartNoBlock(_paused);
        }),
        ("the start of what was stopped", () => StartAgain(_stopped)));

    private void DoOnUnits(ChangeStep step)
    {
        switch (step)
        {
            case ChangeStep.StopUnits stop:
                systemctl.Stop(systemctl.Known(stop.Units));
                break;
            case ChangeStep.CutOffFrozen cut:
                CutOff(ControlGroup.FrozenAmong(cut.Services), cut.Tunnels);
                break;
            case ChangeStep.StopServices stop:
                var running = systemctl.UpUnits(stop.Units);
                _stopped = stop.IsUndone ? [.. running.Intersect(stop.Returning)] : [];
                StopServices(running);
                break;
            case ChangeStep.TakeDown down:
                TakeDown(down.Namespace);
                break;
            case ChangeStep.CheckEmptied check:
                CheckEmptied(check.Units);
                break;
            case ChangeStep.CleanStores clean:
                DescriptorStores.Clean(systemctl, clean.Units);
                break;
            case ChangeStep.ForgetFailures forget:
                var failed = forget.Pinnings.Where(u => systemctl.StateOf(u) is "failed");
                systemctl.ResetFailed([.. forget.Gates, .. failed]);
                break;
            case ChangeStep.SettleFailures settle:
                var failures = new FailedUnits(systemctl);
                failures.SettleRoutes(settle.Tree);

                // Where they do not start, they are as they were before the change. The end of 'apply' tells what
                // that leads to.
                StartOrTell(new ChangeStep.Start(failures.Settle(settle.Plan, settle.Tree), "not started"));
                break;
            case ChangeStep.Watch watch:
                StopWatchers(watch.Units);
                StartOrTell(new ChangeStep.Start(watch.Units, "drift is not repaired, because watchers do not run"));
                break;
            default:
                throw new InvalidOperationException($"a step that a host does not do: {step}");
        }
    }

    private void StartOrTell(ChangeStep.Start step)
    {
        if (step.Units.Count > 0 && Start(step) is { } failure)
        {
            say(failure.Message);
        }
    }

    // One of a program that was replaced is up, and starts anew. A refusal is said alone.
    private void StopWatchers(IReadOnlyList<string> units)
    {
        try
        {
            systemctl.Stop([.. units.Where(systemctl.IsActive)]);
        }
        catch (SystemFailure e)
        {
            // systemd starts or stops it itself just then.
            say($"a watcher does not start anew: {e.Message}");
        }
    }

    private void CutOff(IReadOnlyList<string> frozen, IReadOnlyList<string> tunnels)
    {
        if (frozen.Count > 0)
        {
            say($"thawing {string.Join(", ", frozen)}, which is frozen, to stop it");
            systemctl.Stop(systemctl.Known(tunnels));
        }
    }

    private void StopServices(IReadOnlyList<string> running)
    {
        if (running.Count > 0)
        {
            say($"stopping {string.Join(", ", running)}");
            systemctl.Stop(running);
        }
    }

    // By the files of before.
    private void StartAgain(IReadOnlyList<string> units)
    {
        if (units.Count > 0)
        {
            say($"starting {string.Join(", ", units)} again, as before");
            systemctl.Start(units);
        }
    }

    private static void TakeDown(string ns)
    {
        var state = Netns.Observe(ns);
        (state as NetnsState.Ours)?.Handle.Dispose();
        if (state is NetnsState.Foreign)
        {
            return;
        }

        RuntimeCalls.WireGuardDown(ns, static _ => { });
        RuntimeCalls.NetnsDown(ns, static _ => { });
        RuntimeCalls.PinDown(ns, static _ => { });
    }

    private void CheckEmptied(IReadOnlyList<string> units)
    {
        var groups = UnitSnapshot.Take(systemctl, units, "ControlGroup");
        foreach (var unit in units)
        {
            if (HostLook.OnHostNetwork(groups, unit) is { Count: > 0 } left)
            {
                throw new SystemFailure(
                    $"processes of {unit} from before its confinement are still running on the host's network "
                    + $"(PIDs {string.Join(", ", left)}); it was left stopped",
                    "end those processes, set KillMode=control-group in its unit, then run 'vpn-confinement apply' "
                    + "and start it");
            }
        }
    }

    private static void Each<T>(IEnumerable<T> subjects, Action<T> act)
    {
        foreach (var subject in subjects)
        {
            act(subject);
        }
    }
}
