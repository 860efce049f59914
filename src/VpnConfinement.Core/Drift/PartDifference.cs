namespace VpnConfinement.Drift;

/// <summary>One difference between a part as it was applied and as it is.</summary>
/// <param name="Text">A sentence without its full stop.</param>
/// <param name="IsUnknown">Whether it could not be told.</param>
/// <param name="IsUnproven">
/// Whether that is so because nothing is known that what was seen could be held against.
/// </param>
public sealed record PartDifference(string Text, bool IsUnknown = false, bool IsUnproven = false);
