namespace VpnConfinement.Plan;

/// <summary>A copy of a key that is written.</summary>
/// <param name="Path">Absolute path of the copy.</param>
/// <param name="Change">Why.</param>
public sealed record PlannedKey(string Path, KeyChange Change);
