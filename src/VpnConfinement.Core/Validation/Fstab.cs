namespace VpnConfinement.Validation;

/// <summary>Reads /etc/fstab (fstab(5)).</summary>
public static class Fstab
{
    /// <summary>Where it lies.</summary>
    public const string Path = "/etc/fstab";

    /// <summary>One line: what is mounted where.</summary>
    /// <param name="Source">What is mounted.</param>
    /// <param name="Where">The mount point.</param>
    /// <param name="Type">The file system's type.</param>
    /// <param name="Options">Options with commas between.</param>
    internal sealed record Entry(string Source, string Where, string Type, string Options)
    {
        /// <summary>Whether systemd mounts it when it is first opened (systemd.mount(5), "fstab").</summary>
        internal bool IsAutomount =>
            Options.Split(',').Any(o => o is "x-systemd.automount" or "comment=systemd.automount");
    }

    /// <summary>The entries; swap and lines that mount nothing left out.</summary>
    internal static IEnumerable<Entry> Parse(string content)
    {
        foreach (var line in content.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            var fields = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (fields is [var source, ['/', ..] where, var type, ..])
            {
                var options = fields.Length > 3 ? fields[3] : "";
                yield return new Entry(Plain(source), RunBindRules.Plain(Plain(where)), type, options);
            }
        }
    }

    // Blanks and backslashes are written in octal (getmntent(3)).
    private static string Plain(string field) =>
        field.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal)
            .Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);
}
