namespace VpnConfinement.Validation;

/// <summary>
/// Reads the master map of autofs (auto.master(5)): below which folders the host mounts what is opened.
/// </summary>
public static class AutofsMaster
{
    /// <summary>The map.</summary>
    public const string Path = "/etc/auto.master";

    /// <summary>Further maps, files that end in <c>.autofs</c>.</summary>
    public const string Folder = "/etc/auto.master.d";

    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>The files of direct maps, whose keys are mount points themselves.</summary>
    public static IEnumerable<string> DirectMaps(string content) =>
        Entries(content).Where(e => e.Point == "/-").Select(e => FileOf(e.Map)).OfType<string>();

    /// <summary>The folders of indirect maps: any name below them is looked up when it is opened.</summary>
    internal static IEnumerable<string> Points(string content) =>
        Entries(content).Where(e => e.Point != "/-").Select(e => RunBindRules.Plain(e.Point));

    /// <summary>The mount points of a direct map.</summary>
    internal static IEnumerable<string> Keys(string content) =>
        Lines(content).Select(l => l.Split(Blanks)[0]).Where(k => k.StartsWith('/')).Select(RunBindRules.Plain);

    private static IEnumerable<(string Point, string Map)> Entries(string content) =>
        Lines(content).Select(l => l.Split(Blanks, StringSplitOptions.RemoveEmptyEntries))
            .Where(w => w.Length > 1 && w[0].StartsWith('/')).Select(w => (w[0], w[1]));

    // "auto.direct" and "file:auto.direct" lie in /etc. Maps of other types (program, yp, ldap, sss, hosts) are no
    // file to read.
    private static string? FileOf(string map)
    {
        var name = map.StartsWith("file:", StringComparison.Ordinal) ? map["file:".Length..] : map;
        return name.Contains(':', StringComparison.Ordinal) || name.StartsWith('-')
            ? null
            : name.StartsWith('/') ? name : "/etc/" + name;
    }

    private static IEnumerable<string> Lines(string content) =>
        content.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(l => l.Trim())
            .Where(l => l.Length > 0 && l[0] != '#');
}
