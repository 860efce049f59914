namespace VpnConfinement.Validation;

/// <summary>A socket of the host's network.</summary>
/// <param name="Name">Its unit's own name.</param>
/// <param name="Starts">What it starts; null where that cannot be told, and it may be anything.</param>
/// <param name="Doubt">What is not known about it, as the end of a sentence; empty for one that can be read.</param>
internal sealed record HostSocket(string Name, string? Starts, string Doubt);
