using VpnConfinement.Compile;
using VpnConfinement.State;

namespace VpnConfinement.Drift;

/// <summary>A file of ours.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Applied">
/// Hash of what was applied; empty while a change of it is under way, null where nothing is known to be applied there.
/// </param>
/// <param name="Seen">Hash of what is there, null for nothing.</param>
public sealed record FileState(string Path, string? Applied, Observation<string?> Seen)
{
    /// <summary>The files that were applied.</summary>
    /// <param name="files">As the manifest has them.</param>
    /// <param name="look">Hash of the file at a path.</param>
    public static IReadOnlyList<FileState> Of(
        IEnumerable<ManifestFile> files, Func<string, Observation<string?>> look) =>
        [.. files.Select(file => new FileState(file.Path, file.Sha256, look(file.Path)))];

    /// <summary>Files that are there, and in no manifest.</summary>
    /// <param name="paths">Where.</param>
    /// <param name="look">Hash of the file at a path.</param>
    public static IReadOnlyList<FileState> Unrecorded(
        IEnumerable<string> paths, Func<string, Observation<string?>> look) =>
        [.. paths.Select(path => new FileState(path, null, look(path)))];

    /// <summary>The files that stay, and those that no manifest has: of what goes, no difference is repaired.</summary>
    /// <param name="applied">What was applied last.</param>
    /// <param name="tree">What is to be.</param>
    /// <param name="look">Hash of the file at a path.</param>
    public static IReadOnlyList<FileState> Staying(
        Manifest applied, CompiledTree tree, Func<string, Observation<string?>> look)
    {
        var wanted = tree.Files.Select(file => file.Path).Order(StringComparer.Ordinal).ToList();
        var known = applied.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        return
        [
            .. Unrecorded(applied.Unnamed, look),
            .. Unrecorded(wanted.Where(path => !known.ContainsKey(path)), look),
            .. Of(wanted.Where(known.ContainsKey).Select(path => known[path]), look),
        ];
    }
}
