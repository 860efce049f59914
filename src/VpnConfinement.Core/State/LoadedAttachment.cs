namespace VpnConfinement.State;

/// <summary>
/// Compares what systemd has loaded for a confined unit with its drop-in as it was applied: systemd accepts a mistyped key, and a later drop-in
/// or another tool can undo a setting. What is loaded is what counts (S-27).
/// </summary>
public static class LoadedAttachment
{
    private static readonly string[] UnitLists = ["Requires", "BindsTo", "After"];
    private static readonly string[] Mounts = ["TemporaryFileSystem", "BindReadOnlyPaths", "BindPaths"];

    /// <summary>The properties to ask systemd for.</summary>
    public static IReadOnlyList<string> Properties { get; } = ["NetworkNamespacePath", "JoinsNamespaceOf", "PrivateNetwork", "ExecConditionEx", .. UnitLists, .. Mounts];

    /// <summary>The first difference, as a sentence without its end; null where there is none.</summary>
    /// <param name="unit">The unit's full name.</param>
    /// <param name="dropIn">Its drop-in as it was applied.</param>
    /// <param name="loaded">What systemd says: <see cref="Properties"/>, a line for each value of a property that has several.</param>
    public static string? Difference(string unit, UnitSettings dropIn, IReadOnlyDictionary<string, string> loaded)
    {
        var path = dropIn.Last("Service", "NetworkNamespacePath") ?? dropIn.Last("Socket", "NetworkNamespacePath");
        if (path is null)
        {
            return "its drop-in names no namespace";
        }

        return Exactly(loaded, "NetworkNamespacePath", path)
            ?? Exactly(loaded, "JoinsNamespaceOf", "")
            ?? Exactly(loaded, "PrivateNetwork", "no")
            ?? UnitLists.Select(key => Holds(loaded, key, dropIn.UnitList("Unit", key).Select(u => Expanded(u, unit)))).FirstOrDefault(d => d is not null)
            ?? Mounts.Select(key => Holds(loaded, key, Pinned(key, unit, dropIn))).FirstOrDefault(d => d is not null)
            ?? Condition(unit, dropIn, loaded);
    }

    private static string? Exactly(IReadOnlyDictionary<string, string> loaded, string property, string value) =>
        loaded.GetValueOrDefault(property) is var found && found == value ? null : $"{property} is '{found ?? "not known"}' and not '{value}'";

    private static string? Holds(IReadOnlyDictionary<string, string> loaded, string property, IEnumerable<string> values)
    {
        var found = loaded.GetValueOrDefault(property) ?? "";
        return values.FirstOrDefault(v => !found.Split(' ').Contains(v, StringComparer.Ordinal)) is { } missing
            ? $"{property} is '{found}' and lacks '{missing}'"
            : null;
    }

    // What is only given back (folders of /run) confines nothing and need not be there.
    private static IEnumerable<string> Pinned(string key, string unit, UnitSettings dropIn) =>
        from word in dropIn.Words("Service", key)
        where key == "TemporaryFileSystem" || (key == "BindReadOnlyPaths" && !word.StartsWith('-')) || word.EndsWith(":/run", StringComparison.Ordinal)
        let mount = Expanded(word, unit)
        select key == "TemporaryFileSystem" ? mount : $"{(mount.Contains(':', StringComparison.Ordinal) ? mount : $"{mount}:{mount}")}:rbind";

    // systemd shows "{ path=P ; argv[]=P A B ; flags= ; start_time=... }", a line for each command, in the order in which they run.
    private static string? Condition(string unit, UnitSettings dropIn, IReadOnlyDictionary<string, string> loaded)
    {
        if (dropIn.All("Service", "ExecCondition") is not [var ours, ..])
        {
            return null;
        }

        var wanted = $" ; argv[]={string.Join(' ', UnitWords.Split(ours).Select(w => Expanded(w, unit)))} ; flags= ; ";
        var first = (loaded.GetValueOrDefault("ExecConditionEx") ?? "").Split('\n')[0];
        return first.Contains(wanted, StringComparison.Ordinal) ? null : $"its first ExecCondition is '{first}' and not the start gate's";
    }

    private static string Expanded(string word, string unit) => UnitSpecifiers.Expand(word, unit) ?? word;
}
