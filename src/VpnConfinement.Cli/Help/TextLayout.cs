using System.Text;
using VpnConfinement.Text;

namespace VpnConfinement.Cli.Help;

/// <summary>Plain text in lines of at most 80 columns.</summary>
internal static class TextLayout
{
    internal const int Width = 80;

    /// <summary>The paragraphs of a text, an empty line between.</summary>
    internal static IEnumerable<string> Paragraphs(string text) => text.Trim().Split("\n\n");

    /// <summary>Writes a text in paragraphs.</summary>
    internal static void Fill(StringBuilder to, string text, int indent)
    {
        var margin = new string(' ', indent);
        to.AppendJoin(
            '\n',
            Paragraphs(text)
                .Select(p => string.Concat(TextLines.Wrap(p, Width - indent).Select(l => $"{margin}{l}\n"))));
    }

    /// <summary>Writes rows in two columns; a name that is too wide has a line of its own.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="entries">The rows.</param>
    /// <param name="widest">The widest name that has its text beside it.</param>
    internal static void Rows(StringBuilder to, IReadOnlyList<HelpEntry> entries, int widest = 22)
    {
        const int Indent = 2;
        const int Gap = 2;
        var column = Indent + Gap + entries.Select(e => e.Names.Length).Where(l => l <= widest).DefaultIfEmpty(6).Max();
        foreach (var entry in entries)
        {
            to.Append(' ', Indent).Append(entry.Names);
            var at = Indent + entry.Names.Length;
            if (at + Gap > column)
            {
                to.Append('\n');
                at = 0;
            }

            foreach (var line in TextLines.Wrap(entry.Text, Width - column))
            {
                to.Append(' ', column - at).Append(line).Append('\n');
                at = 0;
            }
        }
    }
}
