namespace VpnConfinement.Health;

/// <summary>What systemd says of a unit (org.freedesktop.systemd1(5)); times are of the clock that never goes back, since the boot.</summary>
public sealed record UnitState
{
    /// <summary><c>LoadState</c>: <c>loaded</c>, <c>not-found</c>, <c>masked</c> and so on; null where it could not be told.</summary>
    public required string? Load { get; init; }

    /// <summary><c>ActiveState</c>; null where it could not be told.</summary>
    public required string? Active { get; init; }

    /// <summary><c>SubState</c>.</summary>
    public string? Sub { get; init; }

    /// <summary><c>Type</c> of a service.</summary>
    public string? Type { get; init; }

    /// <summary><c>Result</c>.</summary>
    public string? Result { get; init; }

    /// <summary>Whether it counts as up after its process has ended.</summary>
    public bool RemainsAfterExit { get; init; }

    /// <summary>Whether a timer or a path starts it: then its end is no surprise.</summary>
    public bool IsTriggered { get; init; }

    /// <summary>How often systemd started it again by itself.</summary>
    public int Restarts { get; init; }

    /// <summary>Start of its main process, or null where there was none.</summary>
    public TimeSpan? Started { get; init; }

    /// <summary>End of its main process; null where it runs or there was none.</summary>
    public TimeSpan? Ended { get; init; }

    /// <summary>When it last left the state <c>active</c>.</summary>
    public TimeSpan? LeftActive { get; init; }

    /// <summary>When it came into the state that it is in, by the calendar.</summary>
    public DateTimeOffset? Since { get; init; }
}
