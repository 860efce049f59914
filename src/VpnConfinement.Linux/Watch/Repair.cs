using VpnConfinement.Drift;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// Repairs a namespace. What closes a gap is done here and at once; the rest by systemd, which restarts the unit of the damaged part: that stops
/// what depends on it, makes it anew and starts again what it stopped.
/// </summary>
/// <param name="plan">The plan of the namespace.</param>
/// <param name="journal">Takes what was done.</param>
/// <param name="line">Takes what somebody changes again after each repair.</param>
internal sealed class Repair(NamespacePlan plan, Journal journal, StatusLine line)
{
    private const long FirstPause = 10_000;
    private const long LongestPause = 300_000;

    // systemd lets a unit start five times in ten seconds (DefaultStartLimitBurst=), and then no more.
    private const long Spacing = 3_000;

    private readonly string _tunnel = StateLayout.WireGuardUnit(plan.WireGuard.Interface);
    private readonly string _netns = StateLayout.NetnsUnit(plan.Namespace);

    // Talking to systemd takes memory that a watcher which has nothing to do can do without.
    private readonly Lazy<Systemctl> _systemctl = new(Systemctl.Open);
    private readonly RepairRounds _rounds = new();
    private PartRepair? _owed;
    private bool _isContested;
    private bool _isAsked;
    private bool _hasFailed;
    private long _last = -Spacing;
    private long _began;
    private long _next;
    private long _pause;
    private string? _told;

    /// <summary>Whether something was damaged and is not known to be whole again.</summary>
    internal bool IsPending { get; private set; }

    /// <summary>Whether it has to be looked again: that, or the units are just being started or stopped.</summary>
    internal bool NeedsLook { get; private set; }

    /// <summary>How long to wait for the next look, in milliseconds: looking costs a process while a repair is under way.</summary>
    internal int Rhythm => IsPending && Environment.TickCount64 - _began < FirstPause ? 100 : 1000;

    // Those without which the tunnel does not come up.
    private IEnumerable<string> Needed =>
    [
        _netns, StateLayout.PinUnit(plan.Namespace),
        .. plan.WireGuard is { BirthplaceManaged: true, Birthplace: { } outer } ? [StateLayout.NetnsUnit(outer)] : Array.Empty<string>(),
    ];

    /// <summary>Takes up what a watcher before this one did not end: the tunnel has failed, and services wait for it.</summary>
    internal void Resume() => Try(() =>
    {
        if (ReturningServices.Recorded(plan.Namespace).Count > 0 && HasFailed(Units()))
        {
            Begin(Environment.TickCount64);
        }

        return true;
    });

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

        return true;
    });

    /// <summary>Acts on what was found.</summary>
    /// <param name="drift">What differs now.</param>
    internal void Go(IReadOnlyList<DriftEntry> drift)
    {
        var now = Environment.TickCount64;
        var damage = drift.Where(entry => entry is { IsToRepair: true, Part: not null }).ToList();
        if (damage.Count == 0)
        {
            _rounds.Whole(now);
        }

        NeedsLook = damage.Count > 0 || IsPending || _rounds.IsContested;
        if (damage.Count > 0 && damage.TrueForAll(CanWait) && !_rounds.MayRepair(now))
        {
            IsPending = false;
            return;
        }

        if (damage.Count > 0)
        {
            CloseAtOnce(damage, now);
            if (IsPending || Starts(damage, now))
            {
                Restart(damage.Max(entry => entry.Repair!.Value), now);
            }
        }
        else if (_owed is { } owed)
        {
            Restart(owed, now);
        }
        else if (IsPending)
        {
            Try(() => Follow(now));
        }

        TellContested(damage);
    }

    // What guards nothing, and stops nothing.
    private static bool CanWait(DriftEntry entry) => entry is { IsRepairedInPlace: true, Part.IsGuard: false };

    private void TellContested(List<DriftEntry> damage)
    {
        if (_rounds.IsContested == _isContested)
        {
            return;
        }

        _isContested = _rounds.IsContested;
        var parts = string.Join(", ", damage.Select(entry => entry.Part!.Name).Distinct());
        line.Contested(_isContested ? parts : null);
        if (_isContested)
        {
            journal.Write(
                Journal.Error,
                "contested",
                $"changed again after each of {RepairRounds.Most} repairs ({Texts(damage)}); repaired ever less often from "
                + "now on: have the program that does it leave the link alone");
        }
        else
        {
            journal.Write(Journal.Info, "uncontested", "nothing changes any more what was repaired");
        }
    }

    private static string Texts(IEnumerable<DriftEntry> damage) => string.Join("; ", damage.Select(entry => entry.Text));

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

        return Try(() =>
        {
            _systemctl.Value.StopNoBlock(unit, insist);
            return true;
        });
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

        return Try(() =>
        {
            _systemctl.Value.TryRestartNoBlock(unit);
            return true;
        });
    }

    // A table can be loaded in place, within milliseconds: stopping a service may take minutes. Not while 'apply' is writing another plan.
    private void CloseAtOnce(List<DriftEntry> damage, long now)
    {
        if (!damage.Exists(entry => entry.Repair is PartRepair.InPlace or PartRepair.InPlaceThenTunnel))
        {
            return;
        }

        _rounds.Repaired(now);
        Try(() =>
        {
            if (PlanStore.Load(plan.Namespace) is var stored && PlanJson.Write(stored.Plan) == PlanJson.Write(plan))
            {
                PlaceRepair.Run(stored, static _ => { });
            }

            return true;
        });
    }

    // systemd ends a userspace program first and runs 'wireguard down' then: what is being stopped is no damage.
    private bool Starts(List<DriftEntry> damage, long now)
    {
        var worst = damage.Max(entry => entry.Repair!.Value);
        if ((worst is PartRepair.Tunnel && !Try(() => IsSettled(_tunnel)))
            || (worst is PartRepair.Namespace && !Try(() => IsSettled(_netns))))
        {
            return false;
        }

        Begin(now);
        if (!_isContested)
        {
            Tell(damage);
        }

        return true;
    }

    private void Tell(List<DriftEntry> damage)
    {
        if (damage.TrueForAll(entry => entry.IsUnproven))
        {
            journal.Write(Journal.Warning, "unproven", $"loading again, without a restart: {Texts(damage)}");
        }
        else
        {
            journal.Write(Journal.Error, "damaged", $"changed from outside: {Texts(damage)}");
        }
    }

    private void Begin(long now)
    {
        IsPending = NeedsLook = true;
        (_began, _next, _pause, _isAsked, _hasFailed) = (now, Math.Max(now, _last + Spacing), FirstPause, false, false);
    }

    // What closes a gap on the host's side is done; nothing inside ran without its rules.
    private void Restart(PartRepair damage, long now)
    {
        if (damage is PartRepair.InPlace)
        {
            return;
        }

        // What is whole again by the next look has to be restarted all the same, once.
        _owed = _isAsked ? null : damage;
        if (now >= _next && Try(() => Restart(damage is PartRepair.Namespace ? _netns : _tunnel)))
        {
            (_owed, _isAsked, _last) = (null, true, now);
            Wait(now);
        }
    }

    private bool Restart(string unit)
    {
        // Only what is up can be restarted.
        if (HasFailed(Units()))
        {
            _systemctl.Value.StartNoBlock([_tunnel]);
        }
        else
        {
            _systemctl.Value.TryRestartNoBlock(unit);
        }

        return true;
    }

    private UnitSnapshot Units() => UnitSnapshot.Take(_systemctl.Value, [_tunnel, .. Needed], "ActiveState", "Job");

    private bool HasJob(UnitSnapshot units) => new[] { _netns, _tunnel }.Any(u => units.Of(u, "Job") is { Length: > 0 } and not "0");

    private bool HasFailed(UnitSnapshot units) => Needed.Prepend(_tunnel).Any(u => units.Of(u, "ActiveState") is "failed");

    private bool IsSettled(string unit) => Units() is var units && !HasJob(units) && units.Of(unit, "ActiveState") is "active" or "failed";

    // Whole, as far as the kernel goes: are the units up?
    private bool Follow(long now)
    {
        if (_hasFailed && now < _next)
        {
            return true;
        }

        var units = Units();
        if (HasJob(units))
        {
            return true;
        }

        switch (units.Of(_tunnel, "ActiveState"))
        {
            case "active":
                Done($"repaired after {now - _began} ms", now);
                break;
            case "failed" or "inactive" when HasFailed(units):
                // Not asked again until the next try.
                _hasFailed = now < _next;
                if (!_hasFailed)
                {
                    journal.Write(Journal.Error, "repair-failed", $"{_tunnel} cannot come up again, so everything behind it is blocked; trying again in {_pause / 1000} s ('journalctl -u {_tunnel}' says why)", _tunnel);
                    Wait(now);
                    _systemctl.Value.StartNoBlock([_tunnel]);
                }

                break;
            case "inactive":
                Done($"whole after {now - _began} ms; the tunnel is stopped", now);
                break;
        }

        return true;
    }

    private void Wait(long now)
    {
        _next = now + _pause;
        _pause = Math.Min(2 * _pause, LongestPause);
    }

    private void Done(string message, long now)
    {
        IsPending = NeedsLook = false;
        _told = null;
        if (!_isContested)
        {
            journal.Write(Journal.Info, "repaired", message, milliseconds: now - _began);
        }
    }

    private bool Try(Func<bool> step)
    {
        try
        {
            return step();
        }
        catch (SystemFailure e)
        {
            // Each second, but told once.
            if (_told != e.Message)
            {
                _told = e.Message;
                journal.Write(Journal.Error, "repair-failed", $"trying again: {e.Message}");
            }

            return false;
        }
    }
}
