namespace VpnConfinement.State;

/// <summary>One file of ours.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of its bytes; empty while a change of it is under way.</param>
/// <param name="Namespace">The namespace it belongs to, or null when all share it.</param>
/// <param name="Service">The confined service whose drop-in it is, or null.</param>
public sealed record ManifestFile(string Path, string Sha256, string? Namespace, string? Service);
