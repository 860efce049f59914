using System.Text;

namespace VpnConfinement.Cli.Help;

/// <summary>Plain text in lines of at most 80 columns.</summary>
internal static class TextLayout
{
    internal const int Width = 80;

    /// <summary>Fills lines with the words of a text; a word that is longer than a line has one of its own.</summary>
    internal static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }

    /// <summary>The paragraphs of a text, an empty line between.</summary>
    internal static IEnumerable<string> Paragraphs(string text) => text.Trim().Split("\n\n");

    /// <summary>Writes a text in paragraphs.</summary>
    internal static void Fill(StringBuilder to, string text, int indent)
    {
        var margin = new string(' ', indent);
        to.AppendJoin(
            '\n', Paragraphs(text).Select(p => string.Concat(Wrap(p, Width - indent).Select(l => $"{margin}{l}\n"))));
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

            foreach (var line in Wrap(entry.Text, Width - column))
            {
                to.Append(' ', column - at).Append(line).Append('\n');
                at = 0;
            }
        }
    }
}
