using System.Text;
using VpnConfinement.Text;

namespace VpnConfinement.Diagnostics;

/// <summary>A finding as a person reads it: place, what is wrong, the line with a caret under the place, what to do.</summary>
public static class DiagnosticText
{
    private const int MaxWidth = 120;

    /// <summary>Renders one finding, ending in a newline.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="sources">The texts that were read, by the name in the finding's place.</param>
    /// <param name="paint">Colours a piece of text by its role; gives it back unchanged where there is no colour.</param>
    public static string Render(Diagnostic finding, IReadOnlyDictionary<string, SourceText> sources, Func<string, Severity, string> paint)
    {
        var text = new StringBuilder();
        var word = finding.Severity switch
        {
            Severity.Error => "error",
            Severity.Warning => "warning",
            Severity.Notice => "notice",
            _ => throw new InvalidOperationException("a severity of an unknown kind"),
        };
        text.Append(finding.Span).Append(": ").Append(paint($"{word} {finding.Code}", finding.Severity)).Append(": ").Append(finding.Message).Append('\n');
        if (finding.ShowLine && finding.Span.Line > 0 && sources.TryGetValue(finding.Span.File, out var source))
        {
            Excerpt(text, source, finding, paint);
        }

        if (finding.Path.Length > 0)
        {
            text.Append("    option: ").Append(Visible.Text(finding.Path)).Append('\n');
        }

        return text.Append("    help: ").Append(finding.Remedy).Append('\n').ToString();
    }

    private static void Excerpt(StringBuilder text, SourceText source, Diagnostic finding, Func<string, Severity, string> paint)
    {
        var line = LineOf(source.Content, finding.Span.Line);
        // A key may stand on a line of any file that holds keys: such a line is shown without its value.
        var shown = KeyMask.Apply(line);
        var column = Math.Clamp(finding.Span.Column - 1, 0, shown.Length);
        var from = column > MaxWidth - 20 ? column - 20 : 0;
        var cut = Plain(shown.AsSpan(from, Math.Min(MaxWidth, shown.Length - from)));
        var carets = Math.Clamp(finding.Span.Length, 1, Math.Max(1, cut.Length - (column - from)));
        var gutter = $"{finding.Span.Line,5} | ";
        text.Append(gutter).Append(cut).Append('\n');
        text.Append(' ', gutter.Length - 2).Append("| ").Append(' ', column - from).Append(paint(new string('^', carets), finding.Severity)).Append('\n');
    }

    private static string LineOf(string content, int number)
    {
        var start = 0;
        for (var line = 1; line < number; line++)
        {
            start = content.IndexOf('\n', start) + 1;
            if (start == 0)
            {
                return "";
            }
        }

        var end = content.IndexOf('\n', start);
        return (end < 0 ? content[start..] : content[start..end]).TrimEnd('\r');
    }

    // One column for each character, so that the caret stays under its place: tabs become a space, what cannot be printed a dot.
    private static string Plain(ReadOnlySpan<char> line)
    {
        var plain = new char[line.Length];
        for (var i = 0; i < line.Length; i++)
        {
            plain[i] = line[i] == '\t' ? ' ' : Visible.IsPlain(line[i]) ? line[i] : '·';
        }

        return new string(plain);
    }
}
