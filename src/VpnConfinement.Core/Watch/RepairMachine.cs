using VpnConfinement.Drift;
using VpnConfinement.Plan;

namespace VpnConfinement.Watch;

/// <summary>
/// Decides how a watched namespace is repaired (docs/adr/0013). A gap is closed in place at once. The rest is left to
/// systemd, which restarts the unit of the damaged part: that stops what depends on it, makes it anew and starts again
/// what it stopped. Pure: no clock and no I/O. Times are given, in milliseconds of any one clock.
/// </summary>
/// <remarks>
/// Each event gives the actions to carry out, in their order. At most one of them has an outcome; it is the last, and
/// its outcome is the next event. A list without one ends the look.
/// </remarks>
public sealed class RepairMachine
{
    /// <summary>
    /// Milliseconds until a repair that failed or is contested is first tried again; each try doubles it.
    /// </summary>
    public const long FirstPause = 10_000;

    /// <summary>The longest of these pauses, in milliseconds.</summary>
    public const long LongestPause = 300_000;

    /// <summary>
    /// Milliseconds between two restarts. systemd lets a unit start five times in ten seconds (DefaultStartLimitBurst=
    /// in systemd-system.conf(5)), and then no more.
    /// </summary>
    public const long Spacing = 3_000;

    private const int FastRhythm = 100;
    private const int SlowRhythm = 1000;

    private readonly string _tunnel;
    private readonly string _netns;
    private readonly RepairRounds _rounds = new();
    private Awaited _awaited;
    private IReadOnlyList<DriftEntry> _damage = [];
    private PartRepair _repair;
    private PartRepair? _owed;
    private bool _isContested;
    private bool _isAsked;
    private bool _hasFailed;
    private long _now;
    private long _last = -Spacing;
    private long _began;
    private long _next;
    private long _pause;
    private string? _told;

    /// <param name="plan">The plan of the namespace.</param>
    public RepairMachine(NamespacePlan plan)
    {
        _tunnel = StateLayout.WireGuardUnit(plan.WireGuard.Interface);
        _netns = StateLayout.NetnsUnit(plan.Namespace);
        Units =
        [
            _tunnel, _netns, StateLayout.PinUnit(plan.Namespace),
            .. plan.WireGuard is { BirthplaceManaged: true, Birthplace: { } outer }
                ? [StateLayout.NetnsUnit(outer)] : Array.Empty<string>(),
        ];
    }

    // What the last action with an outcome was for.
    private enum Awaited
    {
        Nothing,
        UnitsAtStart,
        RepairInPlace,
        UnitsBeforeRepair,
        UnitsBeforeRestart,
        Restart,
        UnitsAfterRepair,
        NextTry,
    }

    /// <summary>The units whose states decide: the tunnel's, and those without which it does not come up.</summary>
    public IReadOnlyList<string> Units { get; }

    /// <summary>Whether something was damaged and is not known to be whole again.</summary>
    public bool IsPending { get; private set; }

    /// <summary>
    /// Whether another look is needed though nothing happens: a repair is pending, or the units are just being started
    /// or stopped.
    /// </summary>
    public bool NeedsLook { get; private set; }

    /// <summary>
    /// Milliseconds until the next look: looking costs a process while a repair is under way.
    /// </summary>
    /// <param name="now">The time.</param>
    public int Rhythm(long now) => IsPending && now - _began < FirstPause ? FastRhythm : SlowRhythm;

    /// <summary>Takes an event.</summary>
    /// <returns>What is to be done.</returns>
    public IReadOnlyList<RepairAction> On(RepairEvent happened)
    {
        var awaited = _awaited;
        _awaited = Awaited.Nothing;
        return happened switch
        {
            RepairEvent.Began began => OnBegin(began),
            RepairEvent.Looked looked => OnLook(looked),
            RepairEvent.UnitsSeen seen => OnUnits(awaited, seen.Units),
            RepairEvent.Done => OnDone(awaited),
            RepairEvent.Failed failed => OnFailure(awaited, failed.Reason),
            _ => throw new InvalidOperationException("an event of an unknown kind"),
        };
    }

    // Takes up what a watcher before this one did not end: the tunnel has failed, and services wait for it.
    private IReadOnlyList<RepairAction> OnBegin(RepairEvent.Began began)
    {
        _now = began.Now;
        return began.AreServicesWaiting ? Await(Awaited.UnitsAtStart, new RepairAction.AskUnits()) : [];
    }

    private IReadOnlyList<RepairAction> OnLook(RepairEvent.Looked looked)
    {
        _now = looked.Now;
        _damage = [.. looked.Drift.Where(entry => entry is { IsToRepair: true, Part: not null })];
        if (_damage.Count == 0)
        {
            _rounds.Whole(_now);
        }

        NeedsLook = _damage.Count > 0 || IsPending || _rounds.IsContested;
        if (_damage.Count == 0)
        {
            return _owed is { } owed ? RestartOf(owed) : IsPending ? Follow() : End();
        }

        if (_damage.All(CanWait) && !_rounds.MayRepair(_now))
        {
            IsPending = false;
            return [];
        }

        if (_damage.Any(entry => entry.Repair is PartRepair.InPlace or PartRepair.InPlaceThenTunnel))
        {
            _rounds.Repaired(_now);
            return Await(Awaited.RepairInPlace, new RepairAction.RepairInPlace());
        }

        return Repair();
    }

    private IReadOnlyList<RepairAction> OnUnits(Awaited awaited, IReadOnlyDictionary<string, UnitNow> units)
    {
        switch (awaited)
        {
            case Awaited.UnitsAtStart:
                if (HasFailed(units))
                {
                    Begin();
                }

                return [];
            case Awaited.UnitsBeforeRepair:
                return IsSettled(units, UnitOf(_repair)) ? BeginRepair() : End();
            case Awaited.UnitsBeforeRestart:
                // Only what is up can be restarted.
                return Await(
                    Awaited.Restart,
                    HasFailed(units) ? new RepairAction.Start(_tunnel) : new RepairAction.Restart(UnitOf(_repair)));
            case Awaited.UnitsAfterRepair:
                return AfterRepair(units);
            case Awaited.Nothing or Awaited.RepairInPlace or Awaited.Restart or Awaited.NextTry:
            default:
                throw new InvalidOperationException("units that were not asked for");
        }
    }

    private IReadOnlyList<RepairAction> OnDone(Awaited awaited)
    {
        switch (awaited)
        {
            case Awaited.RepairInPlace:
                return Repair();
            case Awaited.Restart:
                (_owed, _isAsked, _last) = (null, true, _now);
                PutOff();
                return End();
            case Awaited.NextTry:
                return End();
            case Awaited.Nothing or Awaited.UnitsAtStart or Awaited.UnitsBeforeRepair or Awaited.UnitsBeforeRestart
                or Awaited.UnitsAfterRepair:
            default:
                throw new InvalidOperationException("the end of an action that was not asked for");
        }
    }

    private RepairAction[] OnFailure(Awaited awaited, string reason)
    {
        // Each second, but told once.
        RepairAction[] told = _told == reason ? []
            : [new RepairAction.Entry(EntryPriority.Error, "repair-failed", $"trying again: {reason}")];
        _told = reason;
        return awaited switch
        {
            Awaited.Nothing or Awaited.UnitsAtStart => told,
            Awaited.RepairInPlace => [.. told, .. Repair()],
            Awaited.UnitsBeforeRepair or Awaited.UnitsBeforeRestart or Awaited.Restart or Awaited.UnitsAfterRepair
                or Awaited.NextTry => [.. told, .. End()],
            _ => throw new InvalidOperationException("an action of an unknown kind"),
        };
    }

    // systemd ends a userspace program first and runs 'wireguard down' then: what is being stopped is no damage.
    private IReadOnlyList<RepairAction> Repair()
    {
        _repair = _damage.Max(entry => entry.Repair!.Value);
        return IsPending ? RestartOf(_repair)
            : _repair is PartRepair.Tunnel or PartRepair.Namespace
                ? Await(Awaited.UnitsBeforeRepair, new RepairAction.AskUnits())
            : BeginRepair();
    }

    private IReadOnlyList<RepairAction> BeginRepair()
    {
        Begin();
        return _isContested ? RestartOf(_repair) : [Told(), .. RestartOf(_repair)];
    }

    private void Begin()
    {
        IsPending = NeedsLook = true;
        (_began, _next, _pause) = (_now, Math.Max(_now, _last + Spacing), FirstPause);
        (_isAsked, _hasFailed) = (false, false);
    }

    // What closes a gap on the host's side is done; nothing inside ran without its rules.
    private IReadOnlyList<RepairAction> RestartOf(PartRepair repair)
    {
        if (repair is PartRepair.InPlace)
        {
            return End();
        }

        // What is whole again by the next look has to be restarted all the same, once.
        (_repair, _owed) = (repair, _isAsked ? null : repair);
        return _now < _next ? End() : Await(Awaited.UnitsBeforeRestart, new RepairAction.AskUnits());
    }

    // Whole, as far as the kernel goes: are the units up?
    private IReadOnlyList<RepairAction> Follow() =>
        _hasFailed && _now < _next ? End() : Await(Awaited.UnitsAfterRepair, new RepairAction.AskUnits());

    private IReadOnlyList<RepairAction> AfterRepair(IReadOnlyDictionary<string, UnitNow> units)
    {
        if (HasJob(units))
        {
            return End();
        }

        switch (units[_tunnel].Active)
        {
            case "active":
                return Finish($"repaired after {_now - _began} ms");
            case "failed" or "inactive" when HasFailed(units):
                // Not asked again until the next try.
                _hasFailed = _now < _next;
                return _hasFailed ? End() : TryAgain();
            case "inactive":
                return Finish($"whole after {_now - _began} ms; the tunnel is stopped");
            default:
                return End();
        }
    }

    private IReadOnlyList<RepairAction> TryAgain()
    {
        var message = $"{_tunnel} cannot come up again, so everything behind it is blocked; trying again in "
            + $"{_pause / 1000} s ('journalctl -u {_tunnel}' says why)";
        PutOff();
        return
        [
            new RepairAction.Entry(EntryPriority.Error, "repair-failed", message, _tunnel),
            .. Await(Awaited.NextTry, new RepairAction.Start(_tunnel)),
        ];
    }

    private void PutOff()
    {
        _next = _now + _pause;
        _pause = Math.Min(2 * _pause, LongestPause);
    }

    private IReadOnlyList<RepairAction> Finish(string message)
    {
        IsPending = NeedsLook = false;
        _told = null;
        return _isContested ? End()
            : [new RepairAction.Entry(EntryPriority.Info, "repaired", message, null, _now - _began), .. End()];
    }

    private RepairAction.Entry Told() => _damage.All(entry => entry.IsUnproven)
        ? new RepairAction.Entry(
            EntryPriority.Warning, "unproven", $"loading again, without a restart: {Texts(_damage)}")
        : new RepairAction.Entry(EntryPriority.Error, "damaged", $"changed from outside: {Texts(_damage)}");

    private IReadOnlyList<RepairAction> End()
    {
        if (_rounds.IsContested == _isContested)
        {
            return [];
        }

        _isContested = _rounds.IsContested;
        var parts = string.Join(", ", _damage.Select(entry => entry.Part!.Name).Distinct());
        return
        [
            new RepairAction.TellContested(_isContested ? parts : null),
            _isContested
                ? new RepairAction.Entry(
                    EntryPriority.Error,
                    "contested",
                    $"changed again after each of {RepairRounds.Most} repairs ({Texts(_damage)}); repaired ever less "
                    + "often from now on: have the program that does it leave the link alone")
                : new RepairAction.Entry(
                    EntryPriority.Info, "uncontested", "nothing changes any more what was repaired"),
        ];
    }

    private IReadOnlyList<RepairAction> Await(Awaited awaited, RepairAction action)
    {
        _awaited = awaited;
        return [action];
    }

    private string UnitOf(PartRepair repair) => repair is PartRepair.Namespace ? _netns : _tunnel;

    // What guards nothing, and stops nothing.
    private static bool CanWait(DriftEntry entry) => entry is { IsRepairedInPlace: true, Part.IsGuard: false };

    private static string Texts(IEnumerable<DriftEntry> damage) =>
        string.Join("; ", damage.Select(entry => entry.Text));

    private bool HasJob(IReadOnlyDictionary<string, UnitNow> units) => units[_netns].HasJob || units[_tunnel].HasJob;

    private bool HasFailed(IReadOnlyDictionary<string, UnitNow> units) => Units.Any(u => units[u].Active is "failed");

    private bool IsSettled(IReadOnlyDictionary<string, UnitNow> units, string unit) =>
        !HasJob(units) && units[unit].Active is "active" or "failed";
}
