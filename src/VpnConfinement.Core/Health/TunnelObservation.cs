namespace VpnConfinement.Health;

/// <summary>What is seen of the tunnel of a namespace.</summary>
public sealed record TunnelObservation
{
    /// <summary>Name of its unit.</summary>
    public required string UnitName { get; init; }

    /// <summary>What systemd says of that unit.</summary>
    public required UnitState Unit { get; init; }

    /// <summary>Whether the netns is up; null where that could not be told.</summary>
    public required bool? IsNamespaceUp { get; init; }

    /// <summary>Whether the link is there; null where that could not be told.</summary>
    public required bool? HasLink { get; init; }

    /// <summary>Whether somebody runs who would send over it.</summary>
    public required bool IsWanted { get; init; }

    /// <summary>The peers; null where they could not be read.</summary>
    public required IReadOnlyList<PeerObservation>? Peers { get; init; }
}
