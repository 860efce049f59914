using System.Text.Json;
using VpnConfinement.Cli.Commands;

namespace VpnConfinement.Cli.Tests;

public sealed class ExplainTests
{
    public static TheoryData<string> Codes => [.. CodeCatalog.All.Select(c => c.Code)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_is_explained_in_80_columns(string code)
    {
        var entry = CodeCatalog.All.Single(c => c.Code == code);
        var text = Output.ExplainText.Pages([entry], colour: false);
        Assert.StartsWith($"{code}, {entry.Severity}\n{entry.Meaning.Split(' ')[0]} ", text, StringComparison.Ordinal);
        Assert.All(
            (string[])["Why it matters", "Example", $"What '{(entry.IsOfDoctor ? "doctor" : "check")}' says", "Cure"],
            t => Assert.Contains($"\n{t}\n", text, StringComparison.Ordinal));

        // Files and findings are shown as they are.
        var own = entry.Files.SelectMany(f => f.Text.Split('\n')).Concat(entry.Finding.Split('\n'))
            .ToHashSet(StringComparer.Ordinal);
        Assert.All(
            text.Split('\n').Where(l => !own.Contains(l.TrimStart()) && !own.Contains(l.Length > 2 ? l[2..] : l)),
            l => Assert.InRange(l.Length, 0, 80));
        Assert.DoesNotContain("```", text, StringComparison.Ordinal);
        Assert.Contains(code, entry.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void One_code_is_explained()
    {
        var result = Cli.Run("explain", "VPC108");
        Assert.Equal((0, ""), (result.Status, result.Error));
        Assert.Equal(
            """
            VPC108, warning
            The unit is not installed yet, or masked.

            Why it matters
              A misspelt name confines nothing, and the service that was meant runs on the
              host's network.

            Example
              As a service that comes later; an error in highAssurance, and for an
              unreadable unit.

              config.toml:
                [namespaces.media]
                wireguard.configFile = "/etc/wireguard/provider.conf"

                [services.app.vpn]
                namespace = "media"

              Without 'app.service'.

            What 'check' says
              config.toml:4:11: warning VPC108: There is no unit app.service yet.
                  4 | [services.app.vpn]
                    |           ^^^
                  option: services.app.vpn
                  help: Check the name with 'systemctl list-unit-files'; if it is installed later, it is confined from its first start.

            Cure
              Check the name with 'systemctl list-unit-files'. A unit that is installed
              later is confined from its first start.

            """,
            result.Output);
    }

    [Fact]
    public void Several_are_explained_in_the_order_that_was_asked_for_and_in_any_case()
    {
        var result = Cli.Run("explain", "vpc101", "VPC042");
        Assert.Equal(0, result.Status);
        Assert.Equal(
            ["VPC101, warning", "VPC042, error"],
            result.Output.Split('\n').Where(l => l.StartsWith("VPC", StringComparison.Ordinal)));
    }

    [Fact]
    public void Without_a_code_all_are_listed()
    {
        var result = Cli.Run("explain");
        Assert.Equal(0, result.Status);
        Assert.All(result.Output.Split('\n'), l => Assert.InRange(l.Length, 0, 80));
        Assert.Equal(
            CodeCatalog.All.Select(c => c.Code),
            result.Output.Split('\n').Where(l => l.Length > 2 && l[..2] == "  " && l[2] != ' ')
                .Select(l => l.Trim().Split(' ')[0]));
        Assert.Contains("  VPC001  error    The text cannot be read\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("VPC1O8", "VPC108")]
    [InlineData("VPC10", "VPC010")]
    [InlineData("108", "VPC108")]
    [InlineData("mtu-too-lrage", "mtu-too-large")]
    public void Of_a_code_that_is_not_there_the_nearest_is_named(string code, string near)
    {
        var result = Cli.Run("explain", "VPC001", code);
        Assert.Equal((2, ""), (result.Status, result.Output));
        Assert.Contains($"there is no code '{code}'", result.Error, StringComparison.Ordinal);
        Assert.Contains($"did you mean '{near}'?", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_nowhere_near_is_told_so()
    {
        var result = Cli.Run("explain", "\u001b[31mred");
        Assert.Equal(2, result.Status);
        Assert.DoesNotContain("did you mean", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Error);
    }

    [Fact]
    public void The_json_has_every_part()
    {
        using var one = JsonDocument.Parse(Cli.Run("explain", "VPC108", "--json").Output);
        var entry = Assert.Single(one.RootElement.EnumerateArray());
        Assert.Equal(
            ["code", "severity", "meaning", "cases", "why", "cure", "files", "host", "finding"],
            entry.EnumerateObject().Select(p => p.Name));
        Assert.Equal("config.toml", entry.GetProperty("files")[0].GetProperty("name").GetString());
        Assert.Equal("Without 'app.service'.", entry.GetProperty("host")[0].GetString());
        using var all = JsonDocument.Parse(Cli.Run("explain", "--json").Output);
        Assert.Equal(CodeCatalog.All.Count, all.RootElement.GetArrayLength());
    }
}
