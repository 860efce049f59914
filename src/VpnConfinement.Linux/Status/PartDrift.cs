namespace VpnConfinement.Linux.Status;

/// <summary>A part of a namespace that is not as it was applied.</summary>
/// <param name="Part">Its name, or null for what is none.</param>
/// <param name="Text">What is wrong, as a sentence without its full stop.</param>
/// <param name="Remedy">What to type next, as a clause; null where the text says it.</param>
/// <param name="Unknown">Whether it could not be told.</param>
public sealed record PartDrift(string? Part, string Text, string? Remedy, bool Unknown);
