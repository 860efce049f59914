namespace VpnConfinement.Core.Tests;

public sealed class DiagnosticsPageTests
{
    public static TheoryData<string> Codes => [.. DiagnosticsPage.Sections.Keys];

    [Fact]
    public void Every_code_has_an_example() =>
        Assert.Equal(DiagnosticsPage.Table.Select(r => r.Code), DiagnosticsPage.Sections.Keys.Order(StringComparer.Ordinal));

    /// <summary>Run with VPNC_UPDATE_GOLDEN=1 to write down what the program says, then read the difference.</summary>
    [Theory]
    [MemberData(nameof(Codes))]
    public void The_example_of_a_code_brings_that_code_and_no_other(string code)
    {
        var section = DiagnosticsPage.Sections[code];
        var (findings, text, besideIt) = DiagnosticsPage.Run(section);
        if (Environment.GetEnvironmentVariable("VPNC_UPDATE_GOLDEN") == "1")
        {
            var page = File.ReadAllText(DiagnosticsPage.File);
            File.WriteAllText(DiagnosticsPage.File, page.Replace("\n### " + section, "\n### " + DiagnosticsPage.WithText(section, text), StringComparison.Ordinal));
            section = DiagnosticsPage.Sections[code];
        }

        Assert.Equal([code, .. besideIt], findings.Select(f => f.Code).Distinct().OrderBy(c => c == code ? 0 : 1).ThenBy(c => c, StringComparer.Ordinal));
        var severity = DiagnosticsPage.Table.Single(r => r.Code == code).Severity;
        Assert.All(findings.Where(f => f.Code == code), f => Assert.StartsWith(f.Severity.ToString().ToLowerInvariant(), severity, StringComparison.Ordinal));
        Assert.Contains(DiagnosticsPage.Blocks(section), b => b.Kind == "text" && b.Body == text.TrimEnd('\n') + "\n");
    }
}
