using System.Text;
using VpnConfinement.Cli.Help;
using VpnConfinement.Diagnostics;

namespace VpnConfinement.Cli.Output;

/// <summary>What <c>explain</c> says, for a person.</summary>
internal static class ExplainText
{
    private const int Indent = 2;
    private const int FileIndent = 4;

    /// <summary>Every code with its meaning, a line each where it fits.</summary>
    internal static string List(IReadOnlyList<CodeEntry> entries)
    {
        var text = new StringBuilder();
        TextLayout.Rows(text, [.. entries.Where(e => !e.IsOfDoctor)
            .Select(e => new HelpEntry($"{e.Code}  {e.Severity,-7}", e.Meaning))]);
        text.Append("\nFound by 'doctor':\n");
        TextLayout.Rows(text, [.. entries.Where(e => e.IsOfDoctor).Select(e => new HelpEntry(e.Code, e.Meaning))]);
        return text.ToString();
    }

    /// <summary>A page for each code.</summary>
    internal static string Pages(IReadOnlyList<CodeEntry> entries, bool colour) =>
        string.Join('\n', entries.Select(e => Page(e, colour)));

    private static string Page(CodeEntry entry, bool colour)
    {
        var text = new StringBuilder();
        text.Append(Terminal.Paint($"{entry.Code}, {entry.Severity}", "1", colour)).Append('\n');
        TextLayout.Fill(text, entry.Meaning + ".", 0);
        Section(text, "Why it matters", entry.Why, colour);
        Section(text, "Example", $"As {entry.Cases}.", colour);
        foreach (var file in entry.Files)
        {
            text.Append('\n').Append(' ', Indent).Append(file.Name).Append(":\n");
            Lines(text, file.Text, FileIndent);
        }

        foreach (var sentence in entry.Host)
        {
            text.Append('\n');
            TextLayout.Fill(text, sentence, Indent);
        }

        var says = $"What '{(entry.IsOfDoctor ? "doctor" : "check")}' says";
        text.Append('\n').Append(Terminal.Paint(says, "1", colour)).Append('\n');
        Lines(text, entry.Finding, Indent);
        Section(text, "Cure", entry.Cure, colour);
        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, string words, bool colour)
    {
        text.Append('\n').Append(Terminal.Paint(title, "1", colour)).Append('\n');
        TextLayout.Fill(text, words, Indent);
    }

    private static void Lines(StringBuilder text, string lines, int indent)
    {
        foreach (var line in lines.TrimEnd('\n').Split('\n'))
        {
            text.Append(line.Length == 0 ? "" : new string(' ', indent) + line).Append('\n');
        }
    }
}
