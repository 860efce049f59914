using System.Text.RegularExpressions;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Linux.Facts;
using VpnConfinement.Model;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Linux.Tests.Providers;

/// <summary>What the program says of a file, after the lines were written that its own findings propose.</summary>
/// <param name="Confinement">What is true, or null when it is refused.</param>
/// <param name="Errors">The first errors, or those that no line cures.</param>
/// <param name="Notes">Codes of warnings and notices that are left.</param>
/// <param name="Lines">The lines that were written.</param>
internal sealed partial record Verdict(
    Confinement? Confinement,
    IReadOnlyList<Diagnostic> Errors,
    IReadOnlyList<string> Notes,
    IReadOnlyList<string> Lines)
{
    private const string Table = "namespaces.provider";

    /// <summary>Checks a host below a root.</summary>
    /// <param name="root">A root with the file in its place.</param>
    internal static Verdict Of(string root)
    {
        List<(string Line, string Table)> lines = [("wireguard.configFile = \"/etc/wireguard/provider.conf\"", Table)];
        while (true)
        {
            var (confinement, findings) = Check(root, lines);
            var proposed = findings
                .Where(f => f.Severity == Severity.Error || f.Code == "VPC112").SelectMany(Proposed).ToList();
            var better = proposed.Where(p => p.Line.StartsWith("ipv6.", StringComparison.Ordinal)).ToList();
            var added = (better.Count > 0 ? better : proposed).Except(lines).ToList();
            if (added.Count == 0)
            {
                return new Verdict(
                    confinement, [.. findings.Where(f => f.Severity == Severity.Error)],
                    [.. findings.Where(f => f.Severity != Severity.Error).Select(f => f.Code).Distinct()],
                    [.. lines.Skip(1).Select(l => l.Line)]);
            }

            lines.AddRange(added);
        }
    }

    private static (Confinement? Confinement, IReadOnlyList<Diagnostic> Findings) Check(
        string root, List<(string Line, string Table)> lines)
    {
        var text = string.Concat(lines.GroupBy(l => l.Table)
            .Select(g => $"[{g.Key}]\n{string.Concat(g.Select(l => l.Line + "\n"))}"));
        var findings = new DiagnosticBag();
        var config = ConfigReader.Read([(new SourceText("config.toml", text), false)], findings)!;
        var facts = new HostFactsReader(root).Read(Validator.Requests(config));
        var confinement = Validator.Validate(config, facts, strict: false, findings);
        return (confinement, findings.Sorted());
    }

    private static IEnumerable<(string Line, string Table)> Proposed(Diagnostic finding) =>
        Line().Matches(finding.Remedy).Select(m => (m.Groups[1].Value, m.Groups[2].Value))
            .Where(l => !l.Item1.Contains("NAME", StringComparison.Ordinal));

    [GeneratedRegex("""([A-Za-z0-9.]+ = (?:"[^"]*"|\[[^\]]*\]|[a-z0-9]+)) under \[([^\]]+)\]""")]
    private static partial Regex Line();
}
