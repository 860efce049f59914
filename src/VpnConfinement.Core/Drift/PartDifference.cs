namespace VpnConfinement.Drift;

/// <summary>One difference between a part as it was applied and as it is.</summary>
/// <param name="Text">A sentence without its full stop.</param>
/// <param name="IsUnknown">Whether it could not be told.</param>
/// <param name="IsUnproven">
/// Whether that is so because nothing is known that what was seen could be held against.
/// </param>
public sealed record PartDifference(string Text, bool IsUnknown = false, bool IsUnproven = false)
{
    /// <summary>The path, unit or namespace that it is about; null for the namespace whose part it is.</summary>
    public string? Subject { get; init; }

    /// <summary>What to type next, as a clause; null for the part's own remedy.</summary>
    public string? Remedy { get; init; }

    /// <summary>What differs of the subject, as a phrase; null where the text alone says it.</summary>
    public string? Detail { get; init; }
}
