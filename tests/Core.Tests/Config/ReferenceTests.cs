using System.Diagnostics;
using System.Text.Json;
using VpnConfinement.Config;
using VpnConfinement.Config.Reference;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Core.Tests.Config;

public sealed class ReferenceTests
{
    private static readonly string Repository = Path.GetFullPath(Path.Combine(TestPaths.Project, "../.."));

    public static TheoryData<string> Sections => [.. ReferenceSection.All.Select(s => s.Path)];

    /// <summary>Run with VPNC_UPDATE_GOLDEN=1 to write the files anew.</summary>
    [Theory]
    [InlineData("docs/options.md")]
    [InlineData("docs/vpn-confinement.schema.json")]
    [InlineData("man/vpn-confinement.toml.5")]
    [InlineData("nix/options.nix")]
    public void A_printed_file_is_up_to_date(string file)
    {
        var printed = Path.GetExtension(file) switch
        {
            ".md" => MarkdownReference.Print(),
            ".json" => JsonSchemaReference.Print(),
            ".nix" => NixReference.Print(),
            _ => ManReference.Print(),
        };
        var path = Path.Combine(Repository, file);
        if (Environment.GetEnvironmentVariable("VPNC_UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, printed);
        }

        Assert.Equal(printed, File.ReadAllText(path));
    }

    [Fact]
    public void The_manual_page_has_no_mistakes_of_form()
    {
        using var mandoc = Process.Start(new ProcessStartInfo("/usr/bin/mandoc", ["-Tlint", "-W", "style", Path.Combine(Repository, "man/vpn-confinement.toml.5")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var complaints = mandoc.StandardOutput.ReadToEnd() + mandoc.StandardError.ReadToEnd();
        mandoc.WaitForExit();

        // A date would have to be kept by hand, and the page is printed.
        Assert.DoesNotContain(complaints.Split('\n'), c => c.Length > 0 && !c.Contains("missing date", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void The_example_of_a_table_can_be_read_and_shows_the_table(string path)
    {
        var section = ReferenceSection.All.Single(s => s.Path == path);
        var findings = new DiagnosticBag();
        Assert.NotNull(ConfigReader.Read([(new SourceText("example", section.Table.Example), false)], findings));
        Assert.Empty(findings.Sorted());
        Assert.Contains(section.Options, o => section.Table.Example.Contains(o.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_option_is_in_each_form_of_the_reference()
    {
        foreach (var option in ReferenceSection.All.SelectMany(s => s.Options))
        {
            Assert.Contains($"| `{option.Name}` |", MarkdownReference.Print(), StringComparison.Ordinal);
            Assert.Contains($".B {option.Name}\n", ManReference.Print(), StringComparison.Ordinal);
            Assert.Contains($"\"{option.Name}\": {{", JsonSchemaReference.Print(), StringComparison.Ordinal);
        }
    }

    // NixOS declares the interfaces of WireGuard itself.
    [Fact]
    public void Every_option_but_those_of_interfaces_is_declared_for_nix()
    {
        foreach (var section in ReferenceSection.All.Where(s => !s.Path.StartsWith("wireguard.", StringComparison.Ordinal)))
        {
            Assert.All(
                section.Options,
                o => Assert.Contains($" {o.Name} = mkOption {{\n", NixReference.Print(), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Documentation_is_one_plain_line_and_literals_are_json()
    {
        foreach (var option in ReferenceSection.All.SelectMany(s => s.Table.Options))
        {
            Assert.False(option.Doc.EndsWith('.') || option.Doc.Any(char.IsControl) || option.Doc.Length is 0 or > 140, option.Name);
            Assert.False(option.Default is not null && option.DefaultNote is not null, option.Name);
            foreach (var literal in new[] { option.Default, option.Example }.OfType<string>())
            {
                using var json = JsonDocument.Parse(literal);
            }
        }
    }
}
