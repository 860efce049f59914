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
internal sealed class Repair(NamespacePlan plan, Journal journal)
{
    private const long FirstPause = 10_000;
    private const long LongestPause = 300_000;
    // systemd lets a unit start five times in ten seconds (DefaultStartLimitBurst=), and then no more.
    private const long Spacing = 3_000;

    private readonly string _tunnel = StateLayout.WireGuardUnit(plan.WireGuard.Interface);
    private readonly string _netns = StateLayout.NetnsUnit(plan.Namespace);
    // Talking to systemd takes memory that a watcher which has nothing to do can do without.
    private readonly Lazy<Systemctl> _systemctl = new(Systemctl.Open);
    private long _began;
    private long _next;
    private long _pause;
    private long _last = -Spacing;
    private string? _told;

    /// <summary>Whether something was damaged and is not known to be whole again.</summary>
    internal bool IsPending { get; private set; }

    /// <summary>Whether it has to be looked again: that, or the units are just being started or stopped.</summary>
    internal bool NeedsLook { get; private set; }

    /// <summary>How long to wait for the next look, in milliseconds: looking costs a process while a repair is under way.</summary>
    internal int Rhythm => IsPending && Environment.TickCount64 - _began < FirstPause ? 100 : 1000;

    /// <summary>Acts on what was found.</summary>
    /// <param name="damage">What is damaged now, or null.</param>
    internal void Go(Damage? damage)
    {
        var now = Environment.TickCount64;
        NeedsLook = damage is not null;
        if (damage is not null && !IsPending)
        {
            // systemd ends a userspace program first and runs 'wireguard down' then.
            if ((damage.Part is DamagedPart.Tunnel && !Try(() => IsUp(_tunnel))) || (damage.Part is DamagedPart.Name && !Try(() => IsUp(_netns))))
            {
                return;
            }

            IsPending = true;
            (_began, _next, _pause) = (now, Math.Max(now, _last + Spacing), FirstPause);
            journal.Write(Journal.Error, "damaged", $"changed from outside: {damage.Reason}");
        }

        if (!IsPending)
        {
            return;
        }

        if (damage is not null)
        {
            CloseAtOnce(damage);
            if (now >= _next && Try(() => Restart(damage)))
            {
                _last = now;
                Wait(now);
            }

            return;
        }

        Follow(now);
    }

    /// <summary>Stops a service that runs where it must not.</summary>
    internal void Stop(string unit, string reason)
    {
        journal.Write(Journal.Error, "outside", reason, unit);
        Try(() =>
        {
            _systemctl.Value.StopNoBlock(unit);
            return true;
        });
    }

    // A table can be loaded in place, within milliseconds: stopping a service may take minutes.
    private void CloseAtOnce(Damage damage)
    {
        if (damage.Part is not (DamagedPart.Ruleset or DamagedPart.Outside))
        {
            return;
        }

        Try(() =>
        {
            NetnsUp.Run(PlanStore.Load(plan.Namespace), static _ => { });
            if (plan.Pinning is not null && WireGuardRecord.Load(plan.Namespace) is not null)
            {
                EndpointPin.Up(plan, static _ => { });
            }

            return true;
        });
    }

    private bool Restart(Damage damage)
    {
        switch (damage.Part)
        {
            case DamagedPart.Name:
                _systemctl.Value.TryRestartNoBlock(_netns);
                break;
            case DamagedPart.Ruleset:
            case DamagedPart.Tunnel:
                _systemctl.Value.TryRestartNoBlock(_tunnel);
                break;
            case DamagedPart.Outside:
                break; // whole again by now, and nothing inside ran without its rules
            default:
                throw new InvalidOperationException("a part of an unknown kind");
        }

        return true;
    }

    private UnitSnapshot Units() => UnitSnapshot.Take(_systemctl.Value, [_netns, _tunnel], "ActiveState", "Job");

    private bool HasJob(UnitSnapshot units) => new[] { _netns, _tunnel }.Any(u => units.Of(u, "Job") is { Length: > 0 } and not "0");

    private bool IsUp(string unit) => Units() is var units && !HasJob(units) && units.Of(unit, "ActiveState") is "active";

    // Whole, as far as the kernel goes: are the units up?
    private void Follow(long now)
    {
        var units = Units();
        NeedsLook = true;
        if (HasJob(units))
        {
            return;
        }

        switch (units.Of(_tunnel, "ActiveState"), units.Of(_netns, "ActiveState"))
        {
            case ("active", _):
                Done($"repaired after {now - _began} ms", now);
                break;
            case ("failed", _) or (_, "failed"):
                if (now >= _next)
                {
                    journal.Write(Journal.Error, "repair-failed", $"{_tunnel} cannot come up again, so everything behind it is blocked; trying again in {_pause / 1000} s ('journalctl -u {_tunnel}' says why)", _tunnel);
                    Try(() =>
                    {
                        _systemctl.Value.StartNoBlock([_tunnel]);
                        return true;
                    });
                    Wait(now);
                }

                break;
            case ("inactive", "active"):
                Done($"whole after {now - _began} ms; the tunnel is stopped", now);
                break;
            case ("inactive", "inactive"):
                Done("nothing needs the namespace any more", now);
                break;
        }
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
        journal.Write(Journal.Info, "repaired", message, milliseconds: now - _began);
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
                journal.Write(Journal.Error, "repair-failed", $"trying again in a second: {e.Message}");
            }

            return false;
        }
    }
}
