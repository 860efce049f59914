using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;
using VpnConfinement.Text;

namespace VpnConfinement.Cli.Output;

/// <summary>Fits the rows of <c>status</c> to a width. Pure: the same rows and style give the same lines.</summary>
internal static class StatusScreen
{
    // Below this a line has no room for words beside its margin.
    private const int Narrowest = 20;

    // From here on a level is four columns deep.
    private const int Roomy = 60;

    private const string Dim = "2";

    /// <summary>The lines, none wider than the width.</summary>
    internal static IReadOnlyList<string> Lines(IEnumerable<StatusRow> rows, ScreenStyle style)
    {
        var lines = new List<string>();
        foreach (var row in rows)
        {
            var margin = new string(' ', row.Level * (style.Width is { } width && width < Roomy ? 2 : 4));
            var mark = row.State is { } state ? HealthText.Mark(state, style.Colour, style.Ascii) + " "
                : row.IsQuote ? "| "
                : "";
            var hanging = mark.Length == 0 ? "" : row.IsQuote ? "| " : "  ";
            var first = true;
            foreach (var part in Wrap(Plain(row.Text, style.Ascii), style.Width - margin.Length - hanging.Length))
            {
                var text = row.IsQuote ? Terminal.Paint(part, Dim, style.Colour) : part;
                lines.Add((margin + (first ? mark : hanging) + text).TrimEnd());
                first = false;
            }
        }

        return lines;
    }

    // Columns are not characters: the library knows how wide each is.
    private static IEnumerable<string> Wrap(string text, int? width)
    {
        if (width is not { } columns)
        {
            return [text];
        }

        columns = Math.Max(columns, Narrowest / 2);
        IRenderable renderable = new Spectre.Console.Text(text) { Overflow = Overflow.Fold };
        var options = new RenderOptions(Capabilities, new Size(columns, int.MaxValue));
        return Segment.SplitLines(renderable.Render(options, columns))
            .Select(line => string.Concat(line.Select(s => s.Text)).TrimEnd());
    }

    private static Capabilities Capabilities { get; } = new();

    private static string Plain(string text, bool ascii)
    {
        var visible = Visible.Line(text);
        if (!ascii || System.Text.Ascii.IsValid(visible))
        {
            return visible;
        }

        var plain = new StringBuilder();
        foreach (var rune in visible.EnumerateRunes())
        {
            plain.Append(rune.IsAscii ? (char)rune.Value : '?');
        }

        return plain.ToString();
    }
}
