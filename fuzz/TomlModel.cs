using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;
using VpnConfinement.Diagnostics;
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

        if (findings.HasErrors != theirs is null)
        {
            throw new Violation(theirs is null ? "is TOML for us and not for the library" : $"is TOML for the library and not for us: {findings.Sorted()[0]}");
        }

        if (theirs is not null && !Same(ours, theirs))
        {
            throw new Violation("has other contents for the library than for us");
        }
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
