using System.Text;
using VpnConfinement.Text;

namespace VpnConfinement.Cli.Help;

/// <summary>The one writer of man(7): escapes what is text.</summary>
internal sealed class RoffWriter
{
    // Of the words; escapes make a line longer.
    private const int SourceWidth = 70;
    private readonly StringBuilder _text = new();

    /// <summary>The page so far.</summary>
    internal string Text => _text.ToString();

    /// <summary>A line that is a comment.</summary>
    internal void Comment(string text) => _text.Append(".\\\" ").Append(text).Append('\n');

    /// <summary>The title line.</summary>
    /// <param name="name">The page's name in lower case.</param>
    /// <param name="section">The section of the manual.</param>
    internal void Title(string name, int section) =>
        _text.Append(".TH ").Append(Escape(name.ToUpperInvariant())).Append(' ').Append(section)
        .Append(" \"\" vpn\\-confinement\n");

    /// <summary>The heading of a section.</summary>
    internal void Section(string title) => _text.Append(".SH ").Append(Escape(title)).Append('\n');

    /// <summary>The heading of a part of a section.</summary>
    internal void Part(string title) => _text.Append(".SS ").Append(Escape(title)).Append('\n');

    /// <summary>Words that are filled, in paragraphs.</summary>
    internal void Paragraphs(string text)
    {
        var isFirst = true;
        foreach (var paragraph in TextLayout.Paragraphs(text))
        {
            if (!isFirst)
            {
                _text.Append(".PP\n");
            }

            Words(paragraph);
            isFirst = false;
        }
    }

    /// <summary>A tagged paragraph.</summary>
    internal void Tagged(string tag, string text)
    {
        _text.Append(".TP\n.B ").Append(Argument(tag)).Append('\n');
        Words(text);
    }

    /// <summary>A line as it is, in bold.</summary>
    internal void Bold(string line) => _text.Append(".B ").Append(Argument(line)).Append('\n');

    /// <summary>A line to type, with what it is for before it.</summary>
    /// <param name="line">The line.</param>
    /// <param name="note">What it is for; may be empty.</param>
    /// <param name="isFirst">Whether it stands below a heading.</param>
    internal void Example(string line, string note, bool isFirst)
    {
        _text.Append(isFirst ? "" : ".PP\n");
        if (note.Length > 0)
        {
            Words(char.ToUpperInvariant(note[0]) + note[1..] + ":");
            _text.Append(".PP\n");
        }

        _text.Append(".nf\n.RS 4\n").Append(Escape(line)).Append("\n.RE\n.fi\n");
    }

    /// <summary>Names of pages with their sections, a comma between.</summary>
    internal void Pages(IReadOnlyList<(string Name, int Section)> pages)
    {
        for (var i = 0; i < pages.Count; i++)
        {
            _text.Append(".BR ").Append(Escape(pages[i].Name)).Append(" (").Append(pages[i].Section)
                .Append(i < pages.Count - 1 ? "),\n" : ")\n");
        }
    }

    // A sentence begins on a line of its own, as mandoc(1) wants it.
    private void Words(string text)
    {
        foreach (var sentence in Sentences(text.Replace('\n', ' ')))
        {
            foreach (var line in TextLines.Wrap(sentence, SourceWidth))
            {
                _text.Append(Escape(line)).Append('\n');
            }
        }
    }

    private static IEnumerable<string> Sentences(string text)
    {
        var from = 0;
        for (
            var at = text.IndexOf(". ", StringComparison.Ordinal); at >= 0; at = text.IndexOf(
                ". ", at + 1, StringComparison.Ordinal))
        {
            yield return text[from..(at + 1)];
            from = at + 2;
        }

        yield return text[from..];
    }

    // One argument of a request: quotes end it, and blanks would part it.
    private static string Argument(string text) =>
        $"\"{Escape(text).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // A dot or quote that begins a line would be a request; a minus alone would be printed as a hyphen.
    private static string Escape(string line)
    {
        var text = line.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("'", "\\(aq", StringComparison.Ordinal);
        return text.Length > 0 && text[0] is '.' ? "\\&" + text : text;
    }
}
