using System.Text.RegularExpressions;
using VpnConfinement.Plan;

namespace VpnConfinement.Doctor;

/// <summary>Which file systemd-networkd takes for a host link: the first, by name, whose [Match] fits it.</summary>
internal static class NetworkFileMatch
{
    // What a veth is to systemd.network(5).
    private const string LinkType = "ether";
    private const string LinkKind = "veth";

    // Conditions about the machine, which are taken to hold.
    private static readonly string[] OfMachine =
        ["Host", "Virtualization", "KernelCommandLine", "KernelVersion", "Credential", "Architecture", "Firmware"];

    /// <summary>The foreign file by which a link is configured; null where it is left alone.</summary>
    /// <param name="files">All files.</param>
    /// <param name="link">Name of the host's end of a host link.</param>
    internal static NetworkFile? Taking(IReadOnlyList<NetworkFile> files, string link) =>
        files.OrderBy(f => f.Name, StringComparer.Ordinal).FirstOrDefault(f => Fits(f.Text, link)) is { } first
        && first.Path != StateLayout.NetworkdFile && !IsUnmanaged(first.Text)
            ? first
            : null;

    private static bool Fits(string text, string link)
    {
        var match = Lines(text, "Match").ToList();
        return match.Count > 0 && match.TrueForAll(line => line.Key switch
        {
            "Name" => Holds(line.Value, link),
            "Type" => Holds(line.Value, LinkType),
            "Kind" or "Driver" => Holds(line.Value, LinkKind),
            var key => OfMachine.Contains(key, StringComparer.Ordinal),
        });
    }

    private static bool IsUnmanaged(string text) =>
        Lines(text, "Link").Any(l => l.Key == "Unmanaged" && l.Value is "yes" or "true" or "1" or "on");

    // A list that begins with "!" holds where none of its patterns does.
    private static bool Holds(string list, string value)
    {
        var isNegated = list.StartsWith('!');
        return list.TrimStart('!').Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Any(pattern => IsGlob(pattern, value)) != isNegated;
    }

    private static bool IsGlob(string pattern, string value) => Regex.IsMatch(
        value,
        "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)
            .Replace("\\?", ".", StringComparison.Ordinal) + "$",
        RegexOptions.CultureInvariant);

    private static IEnumerable<(string Key, string Value)> Lines(string text, string section)
    {
        var isIn = false;
        var lines = text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] is not ('#' or ';'));
        foreach (var line in lines)
        {
            if (line[0] == '[')
            {
                isIn = line == $"[{section}]";
            }
            else if (isIn && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                yield return (line[..at].Trim(), line[(at + 1)..].Trim());
            }
        }
    }
}
