using System.Globalization;
using System.Text;
using VpnConfinement.Text;
using VpnConfinement.Verify;

namespace VpnConfinement.Cli.Output;

/// <summary>What <c>verify</c> found, for a person: a line each, and below one that does not pass what to do.</summary>
internal static class VerifyText
{
    internal static string Of(VerifyReport report)
    {
        var text = new StringBuilder();
        foreach (var ns in report.Lines.GroupBy(l => l.Namespace ?? "host", StringComparer.Ordinal))
        {
            text.Append(ns.Key).Append('\n');
            foreach (var unit in ns.GroupBy(l => l.Subject ?? "", StringComparer.Ordinal))
            {
                var indent = "  ";
                if (unit.Key.Length > 0)
                {
                    text.Append("  ").Append(Visible.Text(unit.Key)).Append('\n');
                    indent = "    ";
                }

                foreach (var line in unit)
                {
                    Add(text, indent, line);
                }
            }
        }

        return text.Append(Summary(report)).Append('\n').ToString();
    }

    private static void Add(StringBuilder text, string indent, VerifyLine line)
    {
        text.Append(indent).Append(Mark(line.Outcome)).Append(' ').Append(line.Check).Append(": ")
            .Append(Visible.Line(line.Evidence)).Append('\n');
        if (line.NextStep is { } next)
        {
            text.Append(indent).Append("  next: ").Append(Visible.Line(next)).Append('\n');
        }
    }

    private static string Summary(VerifyReport report)
    {
        int Count(VerifyOutcome outcome) => report.Lines.Count(l => l.Outcome == outcome);
        var counts = string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(VerifyOutcome.Pass)} passed, {Count(VerifyOutcome.Fail)} failed, "
                + $"{Count(VerifyOutcome.Inconclusive)} inconclusive");
        var isTight = report.Lines.All(l => l.Outcome is VerifyOutcome.Pass || l.Aspect is VerifyAspect.Works);
        return report.Outcome switch
        {
            VerifyOutcome.Pass => $"pass: {counts}",
            VerifyOutcome.Fail when isTight =>
                $"fail: {counts}; what failed does not work, and nothing was seen to leave",
            VerifyOutcome.Fail => $"fail: {counts}",
            VerifyOutcome.Inconclusive => $"inconclusive: {counts}; what could not be told is not proven",
            _ => throw new InvalidOperationException("an outcome of an unknown kind"),
        };
    }

    private static string Mark(VerifyOutcome outcome) => outcome switch
    {
        VerifyOutcome.Pass => Terminal.Paint("✓", "32", Terminal.ColourOutput),
        VerifyOutcome.Inconclusive => Terminal.Paint("?", "33;1", Terminal.ColourOutput),
        VerifyOutcome.Fail => Terminal.Paint("✗", "31;1", Terminal.ColourOutput),
        _ => throw new InvalidOperationException("an outcome of an unknown kind"),
    };
}
