using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Fuzz;

/// <summary>What holds of every finding: it has a place inside its text, says something, and shows no key and no control character.</summary>
internal static class FindingProperties
{
    internal static void Check(IReadOnlyList<Diagnostic> findings, params IReadOnlyList<SourceText> texts)
    {
        var sources = texts.ToDictionary(t => t.File);
        foreach (var finding in findings)
        {
            if (finding.Message.Length == 0 || finding.Remedy.Length == 0)
            {
                throw new Violation($"says nothing: {finding}");
            }

            if (sources.TryGetValue(finding.Span.File, out var text))
            {
                CheckPlace(finding, text);
            }

            var shown = DiagnosticText.Render(finding, sources, (t, _) => t) + finding.Path;
            if (Dictionary.Keys.Any(k => shown.Contains(k[..43], StringComparison.Ordinal)) || CheckJson.Write(false, [finding]) is var json && Dictionary.Keys.Any(k => json.Contains(k[..43], StringComparison.Ordinal)))
            {
                throw new Violation($"shows a key: {shown}");
            }

            if (DiagnosticText.Render(finding, sources, (t, _) => t).Any(c => c != '\n' && !Visible.IsPlain(c)))
            {
                throw new Violation($"shows a control character: {shown}");
            }
        }
    }

    private static void CheckPlace(Diagnostic finding, SourceText text)
    {
        var lines = text.Content.Split('\n');
        var (line, column) = (finding.Span.Line, finding.Span.Column);
        if (line == 0 ? column != 0 : line > lines.Length + 1 || column < 1 || column > (line > lines.Length ? 0 : lines[line - 1].Length) + 2)
        {
            throw new Violation($"has its place outside of the text: {finding}");
        }
    }
}
