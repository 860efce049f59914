using System.Text.RegularExpressions;
using VpnConfinement.Diagnostics;
using VpnConfinement.Doctor;

namespace VpnConfinement.Core.Tests.Doctor;

/// <summary>What docs/diagnostics.md has of <c>doctor</c>.</summary>
public sealed partial class DoctorPageTests
{
    public static TheoryData<string> Codes => [.. DoctorCases.ByCode.Keys];

    private static IReadOnlyList<CodeEntry> Documented =>
        [.. CodePage.Read(File.ReadAllText(DiagnosticsPage.File)).Where(e => e.IsOfDoctor)];

    [Fact]
    public void Every_code_is_on_the_page_and_has_a_case() =>
        Assert.Equal(DoctorCases.ByCode.Keys, Documented.Select(e => e.Code));

    /// <summary>A label <c>[Trait("finding", "CODE")]</c> names the test that plants what a code is about.</summary>
    [Fact]
    public void Every_code_is_planted_under_a_real_systemd()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(TestPaths.Project, "../E2e.Tests"), "*.cs")
            .Select(File.ReadAllText).ToList();
        var labels = tests.SelectMany(t => Label().Matches(t)).Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(
            DoctorCases.ByCode.Keys.Order(StringComparer.Ordinal), labels.Distinct().Order(StringComparer.Ordinal));

        // Once in the label, and where it is asked for.
        Assert.All(labels, l => Assert.Contains(
            tests, t => t.Contains($"\"finding\", \"{l}\"", StringComparison.Ordinal)
                && t.Split($"\"{l}\"").Length > 2));
    }

    [Fact]
    public void Codes_are_words_in_kebab_case() => Assert.All(
        DoctorCases.ByCode.Keys, code => Assert.Matches("^[a-z]+(-[a-z]+)+$", code));

    [Fact]
    public void A_host_on_which_nothing_is_wrong_has_no_finding()
    {
        var document = DoctorDocument.Of(DoctorCases.Clean, "1.2.3");
        Assert.Empty(document.Findings);
        Assert.Equal(0, document.ExitStatus);
        Assert.EndsWith("\nnothing is wrong\n", DoctorText.Write(document, (t, _) => t), StringComparison.Ordinal);
    }

    /// <summary>Run with VPNC_UPDATE_GOLDEN=1 to write down what the program says, then read the difference.</summary>
    [Theory]
    [MemberData(nameof(Codes))]
    public void The_case_of_a_code_brings_that_code_and_no_other(string code)
    {
        var finding = Assert.Single(Examination.Judge(DoctorCases.ByCode[code]));
        Assert.Equal(code, finding.Code);
        var text = DoctorText.Render(finding, (t, _) => t);
        var section = DiagnosticsPage.All[code];
        if (Environment.GetEnvironmentVariable("VPNC_UPDATE_GOLDEN") == "1")
        {
            var page = File.ReadAllText(DiagnosticsPage.File);
            File.WriteAllText(
                DiagnosticsPage.File,
                page.Replace(
                    "\n### " + section, "\n### " + DiagnosticsPage.WithText(section, text), StringComparison.Ordinal));
        }

        var entry = Documented.Single(e => e.Code == code);
        Assert.Equal(text, entry.Finding);
        Assert.Contains($"{finding.Severity}".ToLowerInvariant(), entry.Severity.Split(", "));
    }

    [Fact]
    public void A_message_is_of_short_sentences_and_a_remedy_says_what_to_do() => Assert.All(
        DoctorCases.ByCode.Where(c => c.Key is not ("no-answer" or "not-working"))
            .SelectMany(c => Examination.Judge(c.Value)),
        finding =>
        {
            Assert.EndsWith(".", finding.Message, StringComparison.Ordinal);
            Assert.All(finding.Message.Split(". "), s => Assert.InRange(s.Split(' ').Length, 1, 27));
            Assert.NotEmpty(finding.Remedy);
        });

    [GeneratedRegex("\\[Trait\\(\"finding\", \"([a-z-]+)\"\\)\\]")]
    private static partial Regex Label();
}
