namespace VpnConfinement.Health;

/// <summary>What states come to together.</summary>
public static class HealthStates
{
    /// <summary>The worst of some states; <see cref="HealthState.Working"/> of none.</summary>
    public static HealthState Worst(IEnumerable<HealthState> states) => states.DefaultIfEmpty(HealthState.Working).Max();

    /// <summary>The exit status of a command that found this state to be the worst.</summary>
    public static int ExitStatus(HealthState worst) => worst switch
    {
        HealthState.Working or HealthState.Idle => 0,
        HealthState.Degraded or HealthState.Blocked or HealthState.Failed or HealthState.Open => 4,
        HealthState.Waiting or HealthState.Unknown => 5,
        _ => throw new InvalidOperationException("a state of an unknown kind"),
    };

    /// <summary>The word for a state, as JSON has it too.</summary>
    public static string Word(HealthState state) => state switch
    {
        HealthState.Working => "working",
        HealthState.Idle => "idle",
        HealthState.Waiting => "waiting",
        HealthState.Degraded => "degraded",
        HealthState.Unknown => "unknown",
        HealthState.Blocked => "blocked",
        HealthState.Failed => "failed",
        HealthState.Open => "open",
        _ => throw new InvalidOperationException("a state of an unknown kind"),
    };
}
