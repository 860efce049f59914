namespace VpnConfinement.State;

/// <summary>
/// A word of a setting that mounts something: <c>[-]SOURCE[:PLACE[:OPTIONS]]</c> (systemd.exec(5), BindPaths=), or
/// <c>PATH[:OPTIONS]</c> (TemporaryFileSystem=).
/// </summary>
/// <param name="Source">The first path: what a bind takes from the host.</param>
/// <param name="Place">The second path: where the unit sees it; the first where there is no second.</param>
internal readonly record struct MountWord(string Source, string Place)
{
    // Accepted before a path: one that may be missing, and one below the unit's own root.
    private static readonly char[] Marks = ['-', '+'];

    internal static MountWord Parse(string word) =>
        PathOf(word).Split(':') is [var source, var place, ..]
            ? new MountWord(source, place)
            : new MountWord(PathOf(word), PathOf(word));

    /// <summary>The path of a word that has no second one, and in which a colon is a character (ReadWritePaths=).</summary>
    internal static string PathOf(string word) => word.TrimStart(Marks);
}
