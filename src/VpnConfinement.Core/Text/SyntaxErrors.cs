using System.Text.RegularExpressions;
using VpnConfinement.Diagnostics;

namespace VpnConfinement.Text;

/// <summary>Syntax errors as findings: the first ones, and how many more there are.</summary>
internal static partial class SyntaxErrors
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
        // A parser repeats what it stumbled over, which may be a key without its quotes.
        var line = LongRun().Replace(message.ReplaceLineEndings(" ").Trim(), m => new string('*', m.Length));
        return (line.Length > 200 ? line[..200] + "…" : line.TrimEnd('.')) + ".";
    }

    // No word of a parser is as long.
    [GeneratedRegex("[A-Za-z0-9+/=]{20,}", RegexOptions.CultureInvariant)]
    private static partial Regex LongRun();
}
