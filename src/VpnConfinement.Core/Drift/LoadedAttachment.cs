using System.Globalization;
using VpnConfinement.Model;
using VpnConfinement.State;

namespace VpnConfinement.Drift;

/// <summary>
/// Compares what systemd has loaded for a confined unit with its drop-in as it was applied: systemd accepts a mistyped
/// key, and a later drop-in or another tool can undo a setting. What is loaded is what counts (S-27).
/// </summary>
internal static class LoadedAttachment
{
    private static readonly string[] UnitLists = ["Requires", "BindsTo", "After"];
    private static readonly string[] Mounts = ["TemporaryFileSystem", .. MountSettings.Binds];

    private const string Delegated = "DelegateNamespaces";

    // CLONE_NEWNET (linux/sched.h): systemctl prints the flags of this property as their sum, and all bits where it is
    // not set.
    private const ulong NetworkFlag = 0x40000000;

    /// <summary>The properties to ask systemd for.</summary>
    internal static IReadOnlyList<string> Properties { get; } =
    [
        "NetworkNamespacePath", "JoinsNamespaceOf", "PrivateNetwork", "PrivateUsers", Delegated,
        .. LoadedCommands.Properties, .. UnitLists, .. Mounts, .. LoadedMasks.Properties,
        .. LoadedSystemCalls.Properties,
    ];

    /// <summary>The first difference, as a sentence without its end; null where there is none.</summary>
    /// <param name="unit">The unit's full name.</param>
    /// <param name="dropIn">Its drop-in as it was applied.</param>
    /// <param name="loaded">
    /// What systemd says: <see cref="Properties"/>, a line for each value of a property that has several.
    /// </param>
    internal static string? Difference(string unit, UnitSettings dropIn, IReadOnlyDictionary<string, string> loaded)
    {
        var path = dropIn.Last("Service", "NetworkNamespacePath") ?? dropIn.Last("Socket", "NetworkNamespacePath");
        if (path is null)
        {
            return "its drop-in names no namespace";
        }

        if (dropIn.Last("Service", "NetworkNamespacePath") is not null && Gate(unit, dropIn) is null)
        {
            return "its drop-in was written by an older version, and names no start gate";
        }

        return Exactly(loaded, "NetworkNamespacePath", path)
            ?? Joins(loaded)
            ?? Exactly(loaded, "PrivateNetwork", "no")
            ?? Users(dropIn, loaded)
            ?? DelegatesNetwork(loaded)
            ?? First(UnitLists, key => Holds(loaded, key, UnitWords.Split, Units(key, unit, dropIn)))
            ?? First(Mounts, key => Holds(loaded, key, BySpaces, Pinned(key, unit, dropIn)))
            ?? (HasRunOfItsOwn(dropIn) ? First(MountSettings.Binds, key => BringsBack(loaded, key, unit, dropIn)) : null)
            ?? LoadedMasks.Difference(dropIn, loaded, word => Expanded(word, unit))
            ?? LoadedSystemCalls.Difference(dropIn, loaded)
            ?? (Gate(unit, dropIn) is { } gate ? LoadedCommands.WithoutLook(gate, loaded) : null)
            ?? First(MountSettings.Binds, key => Covers(loaded, key, unit, dropIn));
    }

    private static string? First(IEnumerable<string> keys, Func<string, string?> difference) =>
        keys.Select(difference).FirstOrDefault(d => d is not null);

    private static string? Exactly(IReadOnlyDictionary<string, string> loaded, string property, string value) =>
        loaded.GetValueOrDefault(property) is var found && found == value
            ? null
            : $"{property} is '{found ?? "not known"}' and not '{value}'";

    // Seen on systemd 257: a line in the other unit counts as one in this, and takes this one into the other's network
    // namespace.
    private static string? Joins(IReadOnlyDictionary<string, string> loaded) =>
        Exactly(loaded, "JoinsNamespaceOf", "") is { } difference
            ? $"{difference} (newer systemd takes the line both ways: "
                + $"it may stand in '{loaded.GetValueOrDefault("JoinsNamespaceOf")}')"
            : null;

    // Which users the namespace maps is the unit's affair; that it is one of its own keeps the service from the host's
    // processes (S-37).
    private static string? Users(UnitSettings dropIn, IReadOnlyDictionary<string, string> loaded) =>
        dropIn.Last("Service", "PrivateUsers") is null ? null : Exactly(loaded, "PrivateUsers", "yes");

    // systemd before 258 has no such property and ignores the key. With the network among what is delegated, systemd 262
    // logs that it proceeds without a namespace, and starts everything of the unit on the host's network. A value that
    // cannot be read here counts as one with it.
    private static string? DelegatesNetwork(IReadOnlyDictionary<string, string> loaded) =>
        loaded.GetValueOrDefault(Delegated) is not { } shown
            || (ulong.TryParse(shown, NumberStyles.None, CultureInfo.InvariantCulture, out var flags)
                && (flags == ulong.MaxValue || (flags & NetworkFlag) == 0))
            ? null
            : $"{Delegated} is '{shown}', which takes it to the host's network";

    // systemd shows names of units as words in quotes where they need any, and mounts as they are.
    private static string? Holds(
        IReadOnlyDictionary<string, string> loaded, string property, Func<string, IReadOnlyList<string>> split,
        IEnumerable<string> values)
    {
        var found = loaded.GetValueOrDefault(property) ?? "";
        var words = split(found);
        return values.FirstOrDefault(v => !words.Contains(v, StringComparer.Ordinal)) is { } missing
            ? $"{property} is '{found}' and lacks '{missing}'"
            : null;
    }

    private static string[] BySpaces(string mounts) => mounts.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Units(string key, string unit, UnitSettings dropIn) =>
        dropIn.UnitList("Unit", key).Select(u => Expanded(u, unit));

    private static bool HasRunOfItsOwn(UnitSettings dropIn) =>
        Mounts.SelectMany(key => dropIn.Words("Service", key))
            .Any(w => w.StartsWith("/run:", StringComparison.Ordinal) || w.EndsWith(":/run", StringComparison.Ordinal));

    // A bind that is not ours, of the host's /run or what lies in it that leads out, wherever it goes: empty as it may be
    // now, a daemon may fill it.
    private static string? BringsBack(
        IReadOnlyDictionary<string, string> loaded, string property, string unit, UnitSettings dropIn)
    {
        var ours = Words(property, unit, dropIn).Select(Source).ToHashSet(StringComparer.Ordinal);
        var sources = BySpaces(loaded.GetValueOrDefault(property) ?? "").Select(Source);
        return sources.FirstOrDefault(s => !ours.Contains(s) && LeadsOut(s)) is { } source
            ? $"{property} brings {source} of the host back"
            : null;
    }

    // A bind over the program that looks from inside.
    private static string? Covers(
        IReadOnlyDictionary<string, string> loaded, string property, string unit, UnitSettings dropIn)
    {
        if (Gate(unit, dropIn) is not [var program, ..])
        {
            return null;
        }

        var ours = Words(property, unit, dropIn).Select(Place).ToHashSet(StringComparer.Ordinal);
        var places = BySpaces(loaded.GetValueOrDefault(property) ?? "").Select(Place);
        return places.FirstOrDefault(p => !ours.Contains(p) && HostPath.IsIn(program, p)) is { } place
            ? $"{property} covers {place}, and with it {program}"
            : null;
    }

    private static IEnumerable<string> Words(string key, string unit, UnitSettings dropIn) =>
        dropIn.Words("Service", key).Select(w => Expanded(w, unit));

    private static string Place(string bind) => MountWord.Parse(bind).Place;

    private static string Source(string bind)
    {
        var path = MountWord.Parse(bind).Source;
        return path.StartsWith("/var/run", StringComparison.Ordinal) ? path["/var".Length..] : path;
    }

    private static bool LeadsOut(string path) =>
        path.TrimEnd('/') is "" or "/run" || HostSockets.KeptAway(path) is not null;

    // What is only given back (folders of /run) confines nothing and need not be there.
    private static IEnumerable<string> Pinned(string key, string unit, UnitSettings dropIn) =>
        from word in dropIn.Words("Service", key)
        where key == "TemporaryFileSystem" || (key == "BindReadOnlyPaths" && !word.StartsWith('-'))
            || word.EndsWith(":/run", StringComparison.Ordinal)
        let mount = Expanded(word, unit)
        select key == "TemporaryFileSystem" ? mount
            : $"{(mount.Contains(':', StringComparison.Ordinal) ? mount : $"{mount}:{mount}")}:rbind";

    // The command that looks from inside; a socket's drop-in has none.
    private static List<string>? Gate(string unit, UnitSettings dropIn) =>
        dropIn.Last(GateWords.Section, GateWords.Key) is { } gate
            ? [.. UnitWords.Split(gate).Select(w => Expanded(w, unit))]
            : null;

    private static string Expanded(string word, string unit) => UnitSpecifiers.Expand(word, unit) ?? word;
}
