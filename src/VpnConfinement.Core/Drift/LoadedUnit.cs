using VpnConfinement.State;

namespace VpnConfinement.Drift;

/// <summary>A confined unit, or the forwarder of a published port, as systemd has it loaded.</summary>
public sealed record LoadedUnit
{
    /// <summary>Its full name.</summary>
    public required string Name { get; init; }

    /// <summary>The namespace that it is confined in.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its drop-in as it was applied; null where that cannot be read.</summary>
    public UnitSettings? DropIn { get; init; }

    /// <summary>Whether it is a forwarder: its own file binds it to its namespace, and it has no drop-in.</summary>
    public bool IsForwarder { get; init; }

    /// <summary>
    /// What systemd says of it: <see cref="PartList.UnitProperties"/>, a line for each value of a property that has
    /// several.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Loaded { get; init; }
}
