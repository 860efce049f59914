namespace VpnConfinement.State;

/// <summary>Which key a generation has; the key itself is in one file and nowhere else.</summary>
/// <param name="Path">Absolute path of the copy that the tunnel reads.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of that file.</param>
public sealed record GenerationKey(string Path, string Sha256);
