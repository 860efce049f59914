using System.Globalization;
using VpnConfinement.Text;

namespace VpnConfinement.Health;

/// <summary>The state of a confined service.</summary>
public static class ServiceHealth
{
    /// <summary>A service that ends within this time of its start, by itself and without a reason to, has failed.</summary>
    public static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(10);

    /// <summary>Judges.</summary>
    /// <param name="service">What is seen of it.</param>
    /// <param name="now">Now, on the clock of <see cref="UnitState"/>.</param>
    public static Condition Judge(ServiceObservation service, TimeSpan now)
    {
        var (name, unit) = (service.Name, service.Unit);
        if (service.IsOutside == true)
        {
            return new Condition(HealthState.Open, "a process of it is outside its namespace", unit.Since, $"systemctl stop {name}");
        }

        if (service.LoadedOtherwise is { } difference)
        {
            return new Condition(HealthState.Open, $"systemd has it loaded other than it was applied: {difference}", null, "vpn-confinement apply");
        }

        if (service.IsOutside is null)
        {
            return new Condition(
                HealthState.Unknown, "where its processes are could not be read", null, "vpn-confinement status");
        }

        return unit.Load switch
        {
            // One that was masked or deleted while it ran runs on.
            "loaded" or "masked" or "not-found" when unit.Active is "active" or "reloading" or "refreshing" =>
                Running(service, now),
            "not-found" => Missing(service),
            "masked" => new Condition(HealthState.Idle, "it is masked", null, $"systemctl unmask {name}"),
            "loaded" => Loaded(service, now),
            null or "" => new Condition(HealthState.Unknown, "systemd does not say whether it is loaded", null, $"systemctl status {name}"),
            var other => new Condition(HealthState.Failed, $"systemd cannot load it ({other})", null, $"systemctl status {name}"),
        };
    }

    /// <summary>The running unit whose name is like that of a missing one: another instance, the template's plain name, or one that is easily mistyped.</summary>
    public static string? Similar(string missing, IReadOnlyCollection<string> running)
    {
        var (stem, suffix) = Split(missing);
        var candidates = running.Where(r => Split(r).Suffix == suffix && r != missing).Select(r => Split(r).Stem).ToList();
        var plain = stem.Split('@')[0];
        var near = candidates.Order(StringComparer.Ordinal).FirstOrDefault(c => c.Split('@')[0] == plain) ?? NearestName.Of(stem, candidates);
        return near is null ? null : near + suffix;
    }

    private static (string Stem, string Suffix) Split(string unit)
    {
        var dot = unit.LastIndexOf('.');
        return dot < 0 ? (unit, "") : (unit[..dot], unit[dot..]);
    }

    private static Condition Missing(ServiceObservation service) => service.RunningUnconfined switch
    {
        null => new Condition(HealthState.Unknown, "it is not installed, and what else runs could not be read", null, $"systemctl status {service.Name}"),
        var running when Similar(service.Name, running) is { } near => new Condition(
            HealthState.Failed, $"it is not installed, and {near}, of a like name, runs unconfined", null,
            $"correct the name in the configuration, then run 'vpn-confinement apply'; or stop {near}"),
        _ => new Condition(HealthState.Idle, "it is not installed"),
    };

    private static Condition Loaded(ServiceObservation service, TimeSpan now)
    {
        var (name, unit) = (service.Name, service.Unit);
        switch (unit.Active)
        {
            case "failed":
                return new Condition(HealthState.Failed, unit.Result is { Length: > 0 } and not "success" ? $"it failed ({unit.Result})" : "it failed", unit.Since, $"journalctl -u {name}");
            case "activating":
                return unit.Sub == "auto-restart" && RanFor(unit) is { } ran && ran < AtOnce
                    ? new Condition(HealthState.Failed, $"it ends at once and is started over and over ({Times(unit.Restarts)})", unit.Since, $"journalctl -u {name}")
                    : new Condition(HealthState.Waiting, "it is starting", unit.Since);
            case "deactivating":
                return new Condition(HealthState.Idle, "it is stopping", unit.Since);
            case "inactive":
                return Down(service);
            default:
                return new Condition(HealthState.Unknown, $"systemd calls it '{unit.Active}'", null, $"systemctl status {name}");
        }
    }

    private static Condition Running(ServiceObservation service, TimeSpan now)
    {
        var unit = service.Unit;
        if (unit.Sub == "exited" || unit.Started is not { } started)
        {
            return new Condition(HealthState.Working, "it is up", unit.Since);
        }

        var ran = now - started;
        return unit.Restarts > 0 && ran < AtOnce ? new Condition(HealthState.Waiting, $"it was started again {Times(unit.Restarts)}, a moment ago at last", unit.Since)
            : ran < service.MustRun ? new Condition(HealthState.Waiting, "it was started a moment ago", unit.Since)
            : new Condition(HealthState.Working, "it runs", unit.Since);
    }

    // A stop leaves 'active' first and ends the process then; where the process ended by itself, it is the other way round (seen on systemd 252 to 262).
    private static Condition Down(ServiceObservation service)
    {
        var unit = service.Unit;
        if (service.ReturnsWithTunnel)
        {
            return new Condition(HealthState.Blocked, "its tunnel went down and took it along", unit.Since, "it returns with the tunnel");
        }

        // systemd forgets a unit that nobody refers to as soon as it is down, and with it when it ran.
        if (service.MustRun > TimeSpan.Zero && unit is { Type: not "oneshot", RemainsAfterExit: false, IsTriggered: false })
        {
            return new Condition(HealthState.Failed, "it was started a moment ago and has ended", unit.Since, $"journalctl -u {service.Name}");
        }

        var byItself = unit.Ended is { } ended && unit.LeftActive is { } left && ended <= left;
        return byItself && RanFor(unit) is { } ran && ran < AtOnce && unit.Type is not ("oneshot" or null) && unit is { RemainsAfterExit: false, IsTriggered: false }
            ? new Condition(
                HealthState.Failed,
                string.Create(CultureInfo.InvariantCulture, $"it ended by itself {ran.TotalSeconds:0.0} s after its start"), unit.Since, $"journalctl -u {service.Name}")
            : new Condition(HealthState.Idle, "it is stopped", unit.Since);
    }

    private static TimeSpan? RanFor(UnitState unit) => unit is { Started: { } started, Ended: { } ended } && ended >= started ? ended - started : null;

    private static string Times(int count) => count == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{count} times");
}
