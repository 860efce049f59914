namespace VpnConfinement.State;

/// <summary>
/// The settings of [Service] by which a unit sees another file system than the host's (systemd.exec(5)), by kind.
/// </summary>
public static class MountSettings
{
    /// <summary>Those that give it another root.</summary>
    public static IReadOnlyList<string> Roots { get; } = ["RootDirectory", "RootImage", "RootMStack"];

    /// <summary>Those that hide a path; the second is an older name of the first.</summary>
    internal static IReadOnlyList<string> Hiding { get; } =
        ["InaccessiblePaths", "InaccessibleDirectories", "TemporaryFileSystem"];

    /// <summary>Those that show a path of the host, at its own place or another.</summary>
    internal static IReadOnlyList<string> Binds { get; } = ["BindPaths", "BindReadOnlyPaths"];

    /// <summary>Those that let a path be written, or only be read, at its own place; the older names last.</summary>
    internal static IReadOnlyList<string> Access { get; } =
        ["ReadWritePaths", "ReadOnlyPaths", "ReadWriteDirectories", "ReadOnlyDirectories"];

    /// <summary>Those of <see cref="Roots"/> that a unit sets to another root than the host's.</summary>
    internal static IEnumerable<string> OtherRoots(UnitSettings settings) =>
        Roots.Where(k => settings.Last("Service", k) is not (null or "/"));

    /// <summary>The words of all its binds.</summary>
    internal static IEnumerable<string> BindWords(UnitSettings settings) =>
        Binds.SelectMany(k => settings.Words("Service", k));
}
