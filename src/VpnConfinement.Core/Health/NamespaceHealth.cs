namespace VpnConfinement.Health;

/// <summary>The state of a namespace itself: all that is neither its tunnel nor its resolvers, its services nor their sockets.</summary>
public static class NamespaceHealth
{
    /// <summary>Judges.</summary>
    /// <param name="isUp">Whether its netns is there; null where that could not be told.</param>
    /// <param name="unit">What systemd says of the unit that makes it.</param>
    /// <param name="problems">What was found wrong, or could not be told.</param>
    public static Condition Judge(bool? isUp, UnitState unit, IReadOnlyList<Problem> problems)
    {
        var worst = problems.MaxBy(p => p.State);
        if (worst is { State: > HealthState.Waiting })
        {
            return new Condition(worst.State, worst.Text, null, worst.Remedy);
        }

        return (isUp, unit.Active) switch
        {
            (null, _) => new Condition(HealthState.Unknown, "whether it is up could not be told", null, "vpn-confinement status"),
            (_, null or "") => new Condition(HealthState.Unknown, "systemd does not say whether it is up", null, "vpn-confinement status"),
            (_, "activating") => new Condition(HealthState.Waiting, "it is coming up", unit.Since),
            (_, "deactivating") => new Condition(HealthState.Idle, "it is going down", unit.Since),
            (true, _) when worst is { State: HealthState.Idle } => new Condition(worst.State, worst.Text, unit.Since),
            (true, _) => new Condition(HealthState.Working, "it is up as it was applied", unit.Since),
            (false, _) => new Condition(HealthState.Idle, "it comes up with its first service", unit.Since),
        };
    }
}
