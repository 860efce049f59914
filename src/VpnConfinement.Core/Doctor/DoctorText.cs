using System.Text;
using VpnConfinement.Text;

namespace VpnConfinement.Doctor;

/// <summary>What <c>doctor</c> says to a person.</summary>
public static class DoctorText
{
    private const int Width = 100;
    private const int Indent = 4;

    /// <summary>The whole text, ending in a newline.</summary>
    /// <param name="document">What there is to say.</param>
    /// <param name="paint">Colours a text by its severity; gives it back unchanged where there is no colour.</param>
    public static string Write(DoctorDocument document, Func<string, DoctorSeverity, string> paint)
    {
        var text = new StringBuilder();
        var width = document.Facts.Max(f => f.Name.Length);
        foreach (var fact in document.Facts)
        {
            text.Append(fact.Name.PadRight(width + 2))
                .Append(Visible.Line(fact.Value ?? $"not known: {fact.Reason}")).Append('\n');
        }

        foreach (var finding in document.Findings)
        {
            text.Append('\n').Append(Render(finding, paint));
        }

        text.Append('\n').Append(document.Findings.Count switch
        {
            0 => "nothing is wrong\n",
            1 => "1 finding; 'vpn-confinement explain CODE' says more of it\n",
            var count => $"{count} findings; 'vpn-confinement explain CODE' says more of each\n",
        });
        return text.ToString();
    }

    /// <summary>One finding, ending in a newline.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="paint">As for the whole text.</param>
    public static string Render(DoctorFinding finding, Func<string, DoctorSeverity, string> paint)
    {
        var text = new StringBuilder();
        var word = finding.Severity switch
        {
            DoctorSeverity.Notice => "notice",
            DoctorSeverity.Warning => "warning",
            DoctorSeverity.Unknown => "unknown",
            DoctorSeverity.Error => "error",
            _ => throw new InvalidOperationException("a severity of an unknown kind"),
        };
        text.Append(paint($"{word} {finding.Code}", finding.Severity)).Append('\n');
        Fill(text, Visible.Line(finding.Message));
        Fill(text, "help: " + Visible.Line(finding.Remedy));
        return text.ToString();
    }

    private static void Fill(StringBuilder text, string words)
    {
        foreach (var line in TextLines.Wrap(words, Width - Indent))
        {
            text.Append(' ', Indent).Append(line).Append('\n');
        }
    }
}
