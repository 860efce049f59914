namespace VpnConfinement.Compile;

/// <summary>One file of the tree that a configuration compiles to.</summary>
/// <param name="Path">Absolute path on the host.</param>
/// <param name="Content">Its whole text.</param>
/// <param name="Namespace">The namespace it belongs to, or null when all share it.</param>
/// <param name="Service">The confined service whose drop-in it is, or null.</param>
public sealed record GeneratedFile(string Path, string Content, string? Namespace, string? Service);
