namespace VpnConfinement.Health;

/// <summary>The states of socket units.</summary>
public static class SocketHealth
{
    /// <summary>Judges a confined socket unit.</summary>
    public static Condition Judge(SocketObservation socket)
    {
        var (name, unit) = (socket.Name, socket.Unit);
        if (socket.LoadedOtherwise is { } difference)
        {
            return new Condition(HealthState.Open, $"systemd has it loaded other than it was applied: {difference}", null, "vpn-confinement apply");
        }

        switch (unit.Load, unit.Active)
        {
            case ("not-found", _) when socket.RunningUnconfined is null:
                return new Condition(HealthState.Unknown, "it is not installed, and what else runs could not be read", null, $"systemctl status {name}");
            case ("not-found", _) when ServiceHealth.Similar(name, socket.RunningUnconfined!) is { } near:
                return new Condition(
                    HealthState.Failed, $"it is not installed, and {near}, of a like name, listens unconfined", null,
                    $"correct the name in the configuration, then run 'vpn-confinement apply'; or stop {near}");
            case ("not-found", _):
                return new Condition(HealthState.Idle, "it is not installed");
            case ("masked", _):
                return new Condition(HealthState.Idle, "it is masked", null, $"systemctl unmask {name}");
            case ("loaded", "active"):
                return socket.IsInPlace switch
                {
                    true => new Condition(HealthState.Working, "it listens in its namespace", unit.Since),
                    false => new Condition(HealthState.Open, "it does not listen in its namespace", unit.Since, $"systemctl restart {name}"),
                    null => new Condition(HealthState.Unknown, "where it listens could not be told", unit.Since, $"systemctl status {name}"),
                };
            case ("loaded", "inactive"):
                return new Condition(HealthState.Idle, "it is stopped", unit.Since);
            default:
                return Otherwise(name, unit);
        }
    }

    /// <summary>Judges a published port.</summary>
    public static Condition JudgePublished(SocketObservation socket)
    {
        var (name, unit) = (socket.Name, socket.Unit);
        return socket.IsInPlace == false ? new Condition(HealthState.Open, "its forwarder is outside the namespace", unit.Since, $"systemctl stop {name}")
            : (unit.Load, unit.Active) switch
            {
                ("loaded", "active") when socket.IsInPlace is null => new Condition(HealthState.Unknown, "where its forwarder is could not be read", unit.Since, "vpn-confinement status"),
                ("loaded", "active") => new Condition(HealthState.Working, "it listens", unit.Since),
                (not null, "inactive") => new Condition(HealthState.Failed, "nothing listens for that published port", unit.Since, $"journalctl -u {name}; then vpn-confinement apply"),
                _ => Otherwise(name, unit),
            };
    }

    private static Condition Otherwise(string name, UnitState unit) => (unit.Load, unit.Active) switch
    {
        ("loaded", "failed") => new Condition(HealthState.Failed, unit.Result is { Length: > 0 } result ? $"it failed ({result})" : "it failed", unit.Since, $"journalctl -u {name}"),
        ("loaded", "activating") => new Condition(HealthState.Waiting, "it is starting", unit.Since),
        ("loaded", "deactivating") => new Condition(HealthState.Idle, "it is stopping", unit.Since),
        (null or "", _) or ("loaded", _) => new Condition(HealthState.Unknown, "systemd does not say what it does", null, $"systemctl status {name}"),
        _ => new Condition(HealthState.Failed, $"systemd cannot load it ({unit.Load})", null, $"systemctl status {name}"),
    };
}
