using System.Text;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Syntax;
using VpnConfinement.Text;

namespace VpnConfinement.Fuzz;

/// <summary>What holds of every text that is read as a configuration.</summary>
internal static class ConfigProperties
{
    internal static string Check(string content, bool json)
    {
        var text = new SourceText(json ? "config.json" : "config.toml", content);
        var findings = new DiagnosticBag();
        var config = ConfigReader.Read([(text, json)], findings);
        FindingProperties.Check(findings.Sorted(), text);
        if (!json)
        {
            TomlModel.Compare(text);
        }

        if (config is null || findings.HasErrors)
        {
            return Kind(findings);
        }

        RoundTrip(text, json, config);
        if (Accepted.Confine(config, text, null, findings) is not { } confinement)
        {
            FindingProperties.Check(findings.Sorted(), text);
            return "read " + Kind(findings);
        }

        FindingProperties.Check(findings.Sorted(), text);
        FormProperties.Check(Tree(text, json), OptionTables.Top, "");
        OutputProperties.Check(confinement);
        return "accepted " + Kind(findings);
    }

    // What the configuration says, printed in one form, says the same when it is read again, in both syntaxes.
    private static void RoundTrip(SourceText text, bool json, ConfigFile config)
    {
        var said = Said.By(config);
        foreach (var toJson in new[] { false, true })
        {
            var printed = new StringBuilder();
            Canonical.Print(printed, Tree(text, json), toJson);
            var findings = new DiagnosticBag();
            var again = ConfigReader.Read([(new SourceText("again", printed.ToString()), toJson)], findings);
            if (again is null || findings.HasErrors || Said.By(again) != said)
            {
                throw new Violation($"does not mean the same when printed as {printed}: {string.Join('\n', findings.Sorted())}");
            }
        }
    }

    private static TableNode Tree(SourceText text, bool json) => json ? JsonReader.Read(text, new DiagnosticBag()) : TomlReader.Read(text, new DiagnosticBag());

    private static string Kind(DiagnosticBag findings) => string.Join(' ', findings.Sorted().Select(f => f.Code + f.Message.Length % 7).Distinct().Order(StringComparer.Ordinal));
}
