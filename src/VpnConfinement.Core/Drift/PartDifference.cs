namespace VpnConfinement.Drift;

/// <summary>One difference between a part as it was applied and as it is.</summary>
/// <param name="Text">A sentence without its full stop.</param>
/// <param name="IsUnknown">Whether it could not be told.</param>
public sealed record PartDifference(string Text, bool IsUnknown = false);
