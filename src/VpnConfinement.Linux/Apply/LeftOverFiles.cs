using VpnConfinement.Linux.Files;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>Temporary files that <see cref="AtomicFile"/> leaves behind when it is killed, or the power goes, before its rename.</summary>
internal static class LeftOverFiles
{
    /// <summary>Those in every folder in which anything of ours is, and anywhere below the state folder, in ordinal order.</summary>
    internal static IReadOnlyList<string> Find(Manifest applied)
    {
        var folders = applied.Files.Select(f => Path.GetDirectoryName(f.Path)!).Append(StateLayout.UnitFolder)
            .Where(f => !f.StartsWith(StateLayout.StateFolder, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);
        return [.. folders.SelectMany(f => In(f, SearchOption.TopDirectoryOnly)).Concat(In(StateLayout.StateFolder, SearchOption.AllDirectories)).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> In(string folder, SearchOption depth) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, ".*" + AtomicFile.TemporarySuffix, depth) : [];
}
