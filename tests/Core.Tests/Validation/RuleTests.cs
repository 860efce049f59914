using System.Diagnostics;
using System.Globalization;
using VpnConfinement.Diagnostics;

namespace VpnConfinement.Core.Tests.Validation;

public sealed class RuleTests
{
    public static TheoryData<string> Cases => [.. Rules.All.Select((r, i) => $"{i} {r.Code} {r.Path} {r.At}")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_broken_rule_is_one_finding_in_its_place_and_the_nearest_kept_one_is_none(string name)
    {
        var rule = Rules.All[int.Parse(name.Split(' ')[0], CultureInfo.InvariantCulture)];
        var finding = Assert.Single(rule.Broken.Findings, f => f.Code == rule.Code && f.Path == rule.Path);
        Assert.Equal(rule.At, rule.Broken.At(finding));
        Assert.NotEmpty(finding.Message);
        Assert.NotEmpty(finding.Remedy);
        Assert.Equal(finding.Severity != Severity.Error, rule.Broken.Confinement is not null);
        Assert.DoesNotContain(rule.Broken.Findings, f => f.Code != rule.Code && f.Severity == Severity.Error && !Together(f.Code, rule.Code));

        Assert.DoesNotContain(rule.Kept.Findings, f => f.Code == rule.Code);
        Assert.True(rule.Kept.Confinement is not null, string.Join('\n', rule.Kept.Findings));
    }

    [Theory]
    [InlineData("VPC010", "VPC063")]
    [InlineData("VPC070", "VPC077")]
    [InlineData("VPC101", "VPC105")]
    [InlineData("VPC109", "VPC117")]
    public void Every_code_of_these_rules_has_a_case(string from, string to)
    {
        // Those that are about files have golden cases.
        string[] golden = ["VPC016", "VPC052", "VPC112", "VPC115"];
        string[] others = ["VPC113"];
        var documented = File.ReadAllLines(Path.Combine(TestPaths.Project, "../../docs/diagnostics.md")).Where(l => l.StartsWith("| VPC", StringComparison.Ordinal)).Select(l => l[2..8]);
        Assert.Empty(documented.Where(c => string.CompareOrdinal(c, from) >= 0 && string.CompareOrdinal(c, to) <= 0).Except(Rules.All.Select(r => r.Code)).Except(golden).Except(others));
    }

    [Fact]
    public void A_thousand_namespaces_are_checked_soon()
    {
        var clock = Stopwatch.StartNew();
        var ring = Checked.Run(string.Concat(Enumerable.Range(0, 1000).Select(i =>
            Checked.Namespace($"n{i}", $"wg{i}", $"wireguard.interface = \"wg{i}\"\nwireguard.socketNamespace = \"n{(i + 1) % 1000}\"\nhostLink = {{ enable = true, subnetIPv4 = \"10.0.{i >> 6}.{(i << 2) & 0xff}/30\" }}\npublish = [ {{ listen = \"*:{i + 1}\", to = 1 }} ]"))));
        Assert.Equal(1000, ring.Findings.Count);
        Assert.All(ring.Findings, f => Assert.Equal("VPC046", f.Code));
        Assert.EndsWith("n0 -> n1 -> n2 -> n3 -> n4 -> n5 -> n6 -> n7 -> ... -> n999 -> n0.", ring.Findings[0].Message, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    // Two rules that one mistake breaks.
    private static bool Together(string one, string other) => (one, other) is ("VPC073", "VPC072");
}
