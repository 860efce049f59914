namespace VpnConfinement.Health;

/// <summary>What is seen of a socket unit: a confined one, or one of the host that leads to a published port.</summary>
public sealed record SocketObservation
{
    /// <summary>Its name with suffix.</summary>
    public required string Name { get; init; }

    /// <summary>What systemd says of it.</summary>
    public required UnitState Unit { get; init; }

    /// <summary>Whether it listens where it should, or its forwarder is where it should be; null where that could not be told.</summary>
    public required bool? IsInPlace { get; init; }

    /// <summary>What systemd has loaded otherwise than it was applied; null for nothing.</summary>
    public string? LoadedOtherwise { get; init; }

    /// <summary>Units that run unconfined, full names: asked for only where the socket itself is missing. Null where they could not be told.</summary>
    public IReadOnlyCollection<string>? RunningUnconfined { get; init; } = [];
}
