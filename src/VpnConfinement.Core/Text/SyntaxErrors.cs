using VpnConfinement.Diagnostics;

namespace VpnConfinement.Text;

/// <summary>Syntax errors as findings: the first ones, and how many more there are.</summary>
internal static class SyntaxErrors
{
    private const int MaxReported = 20;

    internal static void Report(string file, IEnumerable<(int Line, int Column, string Message)> errors, DiagnosticBag findings)
    {
        var all = errors.ToList();
        foreach (var (line, column, message) in all.Take(MaxReported))
        {
            findings.Error("VPC001", "", new SourceSpan(file, line, column), Sentence(message), "Mend the syntax at this place; everything after it may be misread until then.");
        }

        if (all.Count > MaxReported)
        {
            var next = all[MaxReported];
            findings.Error("VPC001", "", new SourceSpan(file, next.Line, next.Column), $"{all.Count - MaxReported} more syntax errors from here on.", "Mend the first ones, then check again; is this a configuration file at all?");
        }
    }

    private static string Sentence(string message)
    {
        var line = message.ReplaceLineEndings(" ").Trim();
        return (line.Length > 200 ? line[..200] + "…" : line.TrimEnd('.')) + ".";
    }
}
