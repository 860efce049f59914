namespace VpnConfinement.Health;

/// <summary>What is seen of a confined service.</summary>
public sealed record ServiceObservation
{
    /// <summary>Its name with suffix.</summary>
    public required string Name { get; init; }

    /// <summary>What systemd says of it.</summary>
    public required UnitState Unit { get; init; }

    /// <summary>Whether a process of it is outside its namespace; null where that of one could not be told.</summary>
    public required bool? IsOutside { get; init; }

    /// <summary>What systemd has loaded otherwise than it was applied; null for nothing.</summary>
    public string? LoadedOtherwise { get; init; }

    /// <summary>Units that run unconfined, full names: asked for only where the service itself is missing. Null where they could not be told.</summary>
    public IReadOnlyCollection<string>? RunningUnconfined { get; init; } = [];

    /// <summary>Whether its tunnel took it down, and brings it back.</summary>
    public bool ReturnsWithTunnel { get; init; }

    /// <summary>How long it has to run to count as working: more than nothing for one that <c>apply</c> has just started.</summary>
    public TimeSpan MustRun { get; init; }
}
