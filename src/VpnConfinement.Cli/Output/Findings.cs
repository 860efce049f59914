using VpnConfinement.Cli.Commands;
using VpnConfinement.Diagnostics;

namespace VpnConfinement.Cli.Output;

/// <summary>Prints findings: text on standard error, JSON on standard output.</summary>
internal static class Findings
{
    internal static void Print(LoadedConfig loaded, bool json)
    {
        if (json)
        {
            Console.WriteLine(CheckJson.Write(loaded.Confinement is not null, loaded.Findings));
            return;
        }

        foreach (var finding in loaded.Findings)
        {
            Terminal.Say(DiagnosticText.Render(finding, loaded.Sources, Paint));
        }

        if (loaded.Confinement is null)
        {
            var errors = loaded.Findings.Count(f => f.Severity == Severity.Error);
            Terminal.Say($"refused: {errors} {(errors == 1 ? "error" : "errors")}; nothing was changed");
        }
    }

    private static string Paint(string text, Severity severity) => Terminal.Paint(
        text,
        severity switch
        {
            Severity.Error => "31;1",
            Severity.Warning => "33;1",
            Severity.Notice => "36",
            _ => throw new InvalidOperationException("a severity of an unknown kind"),
        },
        Terminal.ColourErrors);
}
