using VpnConfinement.Plan;

namespace VpnConfinement.Compile;

/// <summary>One file of the tree that a configuration compiles to.</summary>
/// <param name="Path">Absolute path on the host.</param>
/// <param name="Content">Its whole text.</param>
/// <param name="Namespace">The namespace it belongs to, or null when all share it.</param>
/// <param name="Unit">The one unit that a change of it concerns, with suffix; null when it concerns all of the namespace.</param>
/// <param name="LinkTo">Where a symbolic link leads, relative to its folder, to a file of the same tree with that text; null for a file.</param>
public sealed record GeneratedFile(string Path, string Content, string? Namespace, string? Unit, string? LinkTo = null)
{
    /// <summary>Whether the host runs the file as a program: mode 0755 instead of 0644.</summary>
    public static bool IsProgram(string path) => path == StateLayout.Generator;
}
