using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;
using VpnConfinement.Diagnostics;
using VpnConfinement.Syntax;
using VpnConfinement.Text;

namespace VpnConfinement.Fuzz;

/// <summary>Our tables against the library's own: which keys may meet in one table we decide ourselves, and so does it.</summary>
internal static class TomlModel
{
    // Deeper than what we take, so that the limit is ours.
    private static readonly TomlSerializerOptions Deep = new() { MaxDepth = 200 };

    internal static void Compare(SourceText text)
    {
        var findings = new DiagnosticBag();
        var ours = TomlReader.Read(text, findings);
        if (findings.Sorted().Any(f => f.Message.Contains("64 deep", StringComparison.Ordinal) || f.Message.Contains("no text file", StringComparison.Ordinal) || f.Message.Contains("not a text file", StringComparison.Ordinal)))
        {
            return;
        }

        TomlTable? theirs;
        try
        {
            // The model takes the last of two equal keys; the validation of the syntax tree is where the library refuses them.
            theirs = SyntaxParser.Parse(text.Content + "\n", validate: true).HasErrors ? null : TomlSerializer.Deserialize<TomlTable>(text.Content + "\n", Deep);
        }
        catch (TomlException)
        {
            theirs = null;
        }

        // It opens tables again whose keys it has, and keeps the last value; we refuse those.
        if (theirs is null && !findings.HasErrors)
        {
            throw new Violation("is TOML for us and not for the library");
        }

        if (theirs is not null && !findings.HasErrors && !ContinuesAList(text.Content) && !Same(ours, theirs))
        {
            throw new Violation("has other contents for the library than for us");
        }
    }

    // The model of Tomlyn 2.10 forgets the elements of a list of tables before another table's header when the list goes on after it; by the standard they stay.
    private static bool ContinuesAList(string text)
    {
        var headers = text.Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith('[')).ToList();
        return headers.Where((h, i) => i > 0 && h.StartsWith("[[", StringComparison.Ordinal) && headers[i - 1] != h).Any();
    }

    private static bool Same(Node ours, object? theirs) => (ours, theirs) switch
    {
        (TableNode table, TomlTable other) => table.Members.Count == other.Count && table.Members.All(m => other.TryGetValue(m.Key, out var value) && Same(m.Value, value)),
        (ArrayNode array, TomlTableArray other) => array.Items.Count == other.Count && array.Items.Zip(other).All(i => Same(i.First, i.Second)),
        (ArrayNode array, TomlArray other) => array.Items.Count == other.Count && array.Items.Zip(other).All(i => Same(i.First, i.Second)),
        (StringNode text, string other) => text.Value == other,
        (IntegerNode number, long other) => number.Value == other,
        (BooleanNode flag, bool other) => flag.Value == other,
        (OtherNode, double or TomlDateTime) => true,
        _ => false,
    };
}
