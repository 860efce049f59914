using VpnConfinement.Drift;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;
using VpnConfinement.Watch;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// Carries out what a <see cref="RepairMachine"/> decides, and speaks to systemd for the rest of the watcher.
/// </summary>
/// <param name="plan">The plan of the namespace.</param>
/// <param name="journal">Takes what was done.</param>
/// <param name="line">Takes what somebody changes again after each repair.</param>
internal sealed class Repair(NamespacePlan plan, Journal journal, StatusLine line)
{
    private readonly RepairMachine _machine = new(plan);

    // Talking to systemd takes memory that a watcher which has nothing to do can do without.
    private Systemctl? _systemctl;

    /// <summary>Whether something was damaged and is not known to be whole again.</summary>
    internal bool IsPending => _machine.IsPending;

    /// <summary>Whether it has to be looked again: that, or the units are just being started or stopped.</summary>
    internal bool NeedsLook => _machine.NeedsLook;

    /// <summary>How long to wait for the next look, in milliseconds.</summary>
    internal int Rhythm => _machine.Rhythm(Environment.TickCount64);

    private Systemctl Systemctl => _systemctl ??= Systemctl.Open();

    /// <summary>Takes up what a watcher before this one did not end.</summary>
    internal void Resume()
    {
        var waiting = false;
        if (Try(() => waiting = ReturningServices.Recorded(plan.Namespace).Count > 0))
        {
            Handle(new RepairEvent.Began(Environment.TickCount64, waiting));
        }
    }

    /// <summary>
    /// Makes sure of tables that another version loaded, in place: by its records no change could be told.
    /// </summary>
    internal void Renew() => Try(() =>
    {
        var began = Environment.TickCount64;
        if (OwnTables.Renew(plan.Namespace, static _ => { }))
        {
            journal.Write(
                Journal.Info,
                "renewed",
                "made sure of the tables that another version loaded",
                milliseconds: Environment.TickCount64 - began);
        }
    });

    /// <summary>Acts on what was found.</summary>
    /// <param name="drift">What differs now.</param>
    internal void Go(IReadOnlyList<DriftEntry> drift) =>
        Handle(new RepairEvent.Looked(Environment.TickCount64, drift));

    /// <summary>Stops a service that runs where it must not.</summary>
    /// <param name="unit">The service.</param>
    /// <param name="reason">What to tell of it, or null where that was told.</param>
    /// <param name="insist">Whether also while somebody is starting it.</param>
    /// <returns>False where systemd did not take it.</returns>
    internal bool Stop(string unit, string? reason, bool insist)
    {
        if (reason is not null)
        {
            journal.Write(Journal.Error, "outside", reason, unit);
        }

        return Try(() => Systemctl.StopNoBlock(unit, insist));
    }

    /// <summary>Has a service that is up stopped and started.</summary>
    /// <param name="unit">The service.</param>
    /// <param name="reason">What to tell of it, or null where that was told.</param>
    /// <returns>False where systemd did not take it.</returns>
    internal bool RestartService(string unit, string? reason)
    {
        if (reason is not null)
        {
            journal.Write(Journal.Warning, "pin-restart", reason, unit);
        }

        return Try(() => Systemctl.TryRestartNoBlock(unit));
    }

    private bool Try(Action step)
    {
        if (Outcome(step) is not RepairEvent.Failed failed)
        {
            return true;
        }

        Handle(failed);
        return false;
    }

    private void Handle(RepairEvent happened)
    {
        for (RepairEvent? next = happened; next is not null;)
        {
            var actions = _machine.On(next);
            next = null;
            foreach (var action in actions)
            {
                next = Execute(action);
            }
        }
    }

    // The event that answers it; null for what has no outcome.
    private RepairEvent? Execute(RepairAction action)
    {
        switch (action)
        {
            case RepairAction.RepairInPlace:
                return Outcome(RepairInPlace);
            case RepairAction.AskUnits:
                RepairEvent? seen = null;
                var asked = Outcome(() => seen = new RepairEvent.UnitsSeen(Units()));
                return seen ?? asked;
            case RepairAction.Start start:
                return Outcome(() => Systemctl.StartNoBlock([start.Unit]));
            case RepairAction.Restart restart:
                return Outcome(() => Systemctl.TryRestartNoBlock(restart.Unit));
            case RepairAction.Entry entry:
                journal.Write((int)entry.Priority, entry.What, entry.Message, entry.Unit, entry.Milliseconds);
                return null;
            case RepairAction.TellContested contested:
                line.Contested(contested.Parts);
                return null;
            default:
                throw new InvalidOperationException("an action of an unknown kind");
        }
    }

    private static RepairEvent Outcome(Action step)
    {
        try
        {
            step();
            return new RepairEvent.Done();
        }
        catch (SystemFailure e)
        {
            return new RepairEvent.Failed(e.Message);
        }
    }

    // Within milliseconds: stopping a service may take minutes. Not while 'apply' is writing another plan.
    private void RepairInPlace()
    {
        if (PlanStore.Load(plan.Namespace) is var stored && PlanJson.Write(stored.Plan) == PlanJson.Write(plan))
        {
            PlaceRepair.Run(stored, static _ => { });
        }
    }

    private Dictionary<string, UnitNow> Units()
    {
        var units = UnitSnapshot.Take(Systemctl, _machine.Units, "ActiveState", "Job");
        return _machine.Units.ToDictionary(
            u => u,
            u => new UnitNow(units.Of(u, "ActiveState"), units.Of(u, "Job") is { Length: > 0 } and not "0"),
            StringComparer.Ordinal);
    }
}
