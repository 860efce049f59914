namespace VpnConfinement.Drift;

/// <summary>Something on the host that is not as it was applied, or of which that could not be told.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Subject">Its path or name; for a part of a namespace the namespace.</param>
/// <param name="Text">What is wrong with it, as a sentence without its full stop.</param>
public sealed record DriftEntry(DriftKind Kind, string Subject, string Text)
{
    /// <summary>The part of the namespace, or null for what is no part of one.</summary>
    public Part? Part { get; init; }

    /// <summary>Whether it could not be told. Not knowing is not passing.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>
    /// Whether that is so because nothing is known that what was seen could be held against (docs/adr/0020). Nothing is
    /// known to be wrong, so whatever it is a part of, it is made anew in place.
    /// </summary>
    public bool IsUnproven { get; init; }

    /// <summary>What to type next, as a clause.</summary>
    public string Remedy => IsUnproven ? "run 'vpn-confinement apply', which loads it again in place"
        : Part?.Remedy ?? "run 'vpn-confinement apply'";

    /// <summary>How it is repaired; null for what is no part.</summary>
    public PartRepair? Repair => IsUnproven ? PartRepair.InPlace : Part?.Repair;

    /// <summary>Whether it is reason to repair the part.</summary>
    public bool IsToRepair => IsUnproven || !IsUnknown || Part is not { IsRepairedUnseen: false };

    /// <summary>Whether it is repaired without stopping anything.</summary>
    public bool IsRepairedInPlace => Repair is PartRepair.InPlace;
}
