namespace VpnConfinement.State;

/// <summary>One file of ours.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of its bytes; empty while a change of it is under way.</param>
/// <param name="Namespace">The namespace it belongs to, or null when all share it.</param>
/// <param name="Unit">The one unit that a change of it concerns, with suffix; null when it concerns all of the namespace.</param>
public sealed record ManifestFile(string Path, string Sha256, string? Namespace, string? Unit);
