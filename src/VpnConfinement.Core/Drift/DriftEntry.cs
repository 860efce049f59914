namespace VpnConfinement.Drift;

/// <summary>Something that is not as it was applied, or of which that could not be told.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Subject">Its path or name; for a part of a namespace the namespace.</param>
/// <param name="Text">What is wrong with it, as a sentence without its full stop.</param>
public sealed record DriftEntry(DriftKind Kind, string Subject, string Text)
{
    private readonly string? _remedy;

    /// <summary>The part that it is of.</summary>
    public Part? Part { get; init; }

    /// <summary>What differs of the subject, as a phrase; null where the text alone says it.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether it could not be told. Not knowing is not passing.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>
    /// Whether that is so because nothing is known that what was seen could be held against (docs/adr/0020). Nothing is
    /// known to be wrong, so whatever it is a part of, it is made anew in place.
    /// </summary>
    public bool IsUnproven { get; init; }

    /// <summary>What to type next, as a clause; null where the text says it.</summary>
    public string? Remedy
    {
        get => IsUnproven ? "run 'vpn-confinement apply', which loads it again in place" : _remedy ?? Part?.Remedy;
        init => _remedy = value;
    }

    /// <summary>How it is repaired.</summary>
    public PartRepair? Repair => IsUnproven ? PartRepair.InPlace : Part?.Repair;

    /// <summary>Whether it is reason to repair the part.</summary>
    public bool IsToRepair => IsUnproven || !IsUnknown || Part is not { IsRepairedUnseen: false };

    /// <summary>Whether it is repaired without stopping anything.</summary>
    public bool IsRepairedInPlace => Repair is PartRepair.InPlace;

    /// <summary>The entry of a difference.</summary>
    /// <param name="part">The part that it is of.</param>
    /// <param name="subject">What it is about, where the difference does not say it.</param>
    /// <param name="difference">The difference.</param>
    internal static DriftEntry Of(Part part, string subject, PartDifference difference) =>
        new(part.Kind, difference.Subject ?? subject, difference.Text)
        {
            Part = part,
            Detail = difference.Detail,
            IsUnknown = difference.IsUnknown,
            IsUnproven = difference.IsUnproven,
            Remedy = difference.Remedy,
        };
}
