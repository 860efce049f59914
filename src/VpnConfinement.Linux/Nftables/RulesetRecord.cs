using System.Text;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Nftables;

/// <summary>
/// What the kernel reported right after a table was loaded, written down for this boot: by it a later run tells whether
/// the kernel still has it. It lies beside the record of the first format, which an older version that still runs (a
/// watcher) goes on to read.
/// </summary>
/// <param name="Table">Name of the table, family inet.</param>
/// <param name="Source">Hex SHA-256 of the text that was loaded.</param>
/// <param name="Parts">What was reported.</param>
internal sealed record RulesetRecord(string Table, string Source, IReadOnlyList<RulesetPart> Parts)
{
    private const string Suffix = ".parts";
    private const string Format = "format 2";
    private const string End = "end";
    private const string Loading = Format + "\nloading\n";

    /// <summary>Reads one; null where there is none, one that is damaged, or one of a newer format.</summary>
    internal static RulesetRecord? Load(string path) => StateFile.Read(path + Suffix) is { } text ? Parse(text) : null;

    /// <summary>
    /// Reads a record of the first format, which has a hash of what libnftables listed; null where a newer one counts,
    /// or there is none.
    /// </summary>
    internal static FirstRulesetRecord? LoadFirst(string path) =>
        !File.Exists(path + Suffix) && StateFile.Read(path)?.TrimEnd('\n').Split(' ') is [var table, var source, _]
            ? new FirstRulesetRecord(table, source)
            : null;

    /// <summary>
    /// Whether there is one that says nothing to this version: a load was cut short, it is damaged, or of a newer
    /// format.
    /// </summary>
    internal static bool IsUnreadable(string path) => StateFile.Read(path + Suffix) is { } text && Parse(text) is null;

    /// <summary>The name of the table that was loaded, of either format; or null.</summary>
    internal static string? TableOf(string path) => Load(path)?.Table ?? LoadFirst(path)?.Table;

    /// <summary>The hash of the text that was loaded, by a record of either format; or null.</summary>
    internal static string? SourceOf(string path) => Load(path)?.Source ?? LoadFirst(path)?.Source;

    /// <summary>Writes it.</summary>
    internal void Save(string path) => AtomicFile.Write(path + Suffix, ToText());

    /// <summary>
    /// Makes it say that a load is under way: one that is cut short is done again, whatever an older record says.
    /// </summary>
    internal static void Begin(string path) => AtomicFile.Write(path + Suffix, Loading);

    /// <summary>Deletes it, and one of the first format.</summary>
    internal static void Delete(string path)
    {
        Kernel.TryUnlink(path + Suffix);
        Kernel.TryUnlink(path);
    }

    /// <summary>Reads the text of one; null where it is none, or is cut short.</summary>
    internal static RulesetRecord? Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines is not [Format, var head, .. var rest, End, ""] || head.Split(' ') is not [var table, var source])
        {
            return null;
        }

        var parts = new List<RulesetPart>();
        foreach (var line in rest)
        {
            if (line.Split(' ') is not [var hash, var kind, var name]
                || !Enum.TryParse<RulesetPartKind>(kind, out var parsed) || !Enum.IsDefined(parsed))
            {
                return null;
            }

            parts.Add(new RulesetPart(parsed, name, hash));
        }

        return parts.DistinctBy(p => (p.Kind, p.Name)).Count() == parts.Count && parts.Count > 0
            ? new RulesetRecord(table, source, parts) : null;
    }

    /// <summary>The text of it. Names of ours have no blanks.</summary>
    internal string ToText()
    {
        var text = new StringBuilder().Append(Format).Append('\n').Append(Table).Append(' ').Append(Source)
            .Append('\n');
        foreach (var part in Parts)
        {
            text.Append(part.Sha256).Append(' ').Append(part.Kind.ToString()).Append(' ').Append(part.Name)
                .Append('\n');
        }

        return text.Append(End).Append('\n').ToString();
    }
}
