using VpnConfinement.Model;

namespace VpnConfinement.State;

/// <summary>
/// What systemd has loaded against the masks of a drop-in (S-33): of several mounts on one path systemd keeps one, and
/// any other before a tmpfs, so that a later drop-in takes a mask away without naming it.
/// </summary>
internal static class LoadedMasks
{
    // Those that take a tmpfs away by naming its path.
    private static readonly string[] Winners = ["ReadWritePaths", "ReadOnlyPaths", "ExecPaths", "NoExecPaths"];

    /// <summary>The properties to ask systemd for, beside those of the mounts themselves.</summary>
    internal static IReadOnlyList<string> Properties { get; } = ["InaccessiblePaths", .. Winners];

    /// <summary>The first difference, as a sentence without its end; null where there is none.</summary>
    /// <param name="dropIn">The drop-in as it was applied.</param>
    /// <param name="loaded">What systemd says, a line for each value of a property that has several.</param>
    /// <param name="expand">Replaces specifiers.</param>
    internal static string? Difference(
        UnitSettings dropIn, IReadOnlyDictionary<string, string> loaded, Func<string, string> expand)
    {
        var hidden = dropIn.Words("Service", "InaccessiblePaths").Select(expand).ToList();
        var found = loaded.GetValueOrDefault("InaccessiblePaths") ?? "";
        if (hidden.FirstOrDefault(h => !Words(found).Contains(h, StringComparer.Ordinal)) is { } missing)
        {
            return $"InaccessiblePaths is '{found}' and lacks '{missing}'";
        }

        var tmpfs = dropIn.Words("Service", "TemporaryFileSystem").Select(w => PathOf(expand(w))).ToList();
        List<string> masks = [.. tmpfs, .. hidden.Select(PathOf)];
        return Winners.Select(key => Wins(dropIn, loaded, key, tmpfs, expand))
            .Concat(MountSettings.Binds.Select(key => Undoes(dropIn, loaded, key, masks, expand))).FirstOrDefault(d => d is not null);
    }

    private static string? Wins(
        UnitSettings dropIn, IReadOnlyDictionary<string, string> loaded, string key, List<string> tmpfs,
        Func<string, string> expand)
    {
        if (loaded.GetValueOrDefault(key) is not { } found)
        {
            return tmpfs.Count == 0 ? null : $"{key} is not known";
        }

        var own = dropIn.Words("Service", key).Select(w => PathOf(expand(w))).ToList();
        return Words(found).Select(PathOf).FirstOrDefault(p => tmpfs.Contains(p) && !own.Contains(p)) is { } path
            ? $"{key} names {path}, and so takes the mask of it away"
            : null;
    }

    // A bind on a mask, or of what is masked; /run, of which parts are given back, is looked at elsewhere.
    private static string? Undoes(
        UnitSettings dropIn, IReadOnlyDictionary<string, string> loaded, string key, List<string> masks,
        Func<string, string> expand)
    {
        var own = dropIn.Words("Service", key).Select(w => BothOf(expand(w))).ToList();
        foreach (var bind in Words(loaded.GetValueOrDefault(key) ?? "").Select(BothOf).Where(b => !own.Contains(b)))
        {
            var isMoved = bind.Place != bind.Source;
            bool IsUndone(string mask) => mask != "/run"
                && (bind.Place == mask || HostPath.IsIn(bind.Source, mask) || (isMoved && HostPath.IsIn(mask, bind.Source)));
            if (masks.FirstOrDefault(IsUndone) is { } mask)
            {
                return $"{key} binds {bind.Source} to {bind.Place}, and so undoes the mask of {mask}";
            }
        }

        return null;
    }

    private static string[] Words(string paths) => paths.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // A slash at the end of a path means nothing.
    private static string PathOf(string word) => Trimmed(MountWord.Parse(word).Source);

    private static MountWord BothOf(string word)
    {
        var mount = MountWord.Parse(word);
        return new MountWord(Trimmed(mount.Source), Trimmed(mount.Place));
    }

    private static string Trimmed(string path) => path.Length > 1 ? path.TrimEnd('/') : path;
}
