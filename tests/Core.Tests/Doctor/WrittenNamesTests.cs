using System.Text.RegularExpressions;
using VpnConfinement.Doctor;
using VpnConfinement.Text;

namespace VpnConfinement.Core.Tests.Doctor;

/// <summary>A report of a refused configuration has none of its names.</summary>
public sealed partial class WrittenNamesTests
{
    // Names that the examples on the page use throughout.
    private static readonly string[] Names = ["media", "app", "provider", "mediia", "wg7"];

    public static TheoryData<string> Codes => DiagnosticsPageTests.Codes;

    [Theory]
    [MemberData(nameof(Codes))]
    public void What_check_says_of_an_example_is_without_its_names(string code)
    {
        var section = DiagnosticsPage.Sections[code];
        var texts = DiagnosticsPage.Blocks(section).Where(b => b.Kind is "toml" or "json")
            .Select(b => new SourceText($"config.{b.Kind}", b.Body)).ToList();
        var redactor = new Redactor(texts.SelectMany(WrittenNames.In));
        foreach (var finding in DiagnosticsPage.Run(section).Findings)
        {
            var said = redactor.Redact(finding.Message);
            Assert.All(Names, name => Assert.DoesNotMatch($@"(?<![\p{{L}}\p{{N}}]){name}(?![\p{{L}}\p{{N}}])", said));

            // What was written wrong stands in quotes.
            foreach (var written in Quoted().Matches(finding.Message).Select(m => m.Groups[1].Value))
            {
                if (texts.Exists(t => t.Content.Contains($"\"{written}\"", StringComparison.Ordinal)))
                {
                    Assert.DoesNotContain($"'{written}'", said, StringComparison.Ordinal);
                }
            }
        }
    }

    [Theory]
    [InlineData("config.toml", "[namespaces.secret\n", "secret")]
    [InlineData("config.toml", "[services.'my app'.vpn]\n", "my app")]
    [InlineData("config.toml", "a = [ \"x.service\", 'quiet' ] # said in a comment", "x.service,quiet,a")]
    [InlineData("config.toml", "peers = [{ endpoint = \"vpn.home.x:51820\" }]", "vpn.home.x:51820,vpn.home.x")]
    [InlineData("config.json", "{\"namespaces\":{\"secret\":{\"enable\":true}}}", "secret")]
    [InlineData("config.toml", "securityProfile = \"highAssurance\"\nmtu = 1420\nenable = true\n", "")]
    [InlineData("config.toml", "privateKeyFile = \"/srv/a b/k\"", "/srv/a b/k")]
    [InlineData("/root/mine.conf", "[namespaces.secret]\nmtu = 1420\n", "secret")]
    [InlineData("/root/CONFIG.JSON", "{\"namespaces\":{\"secret\":{}}}", "secret")]
    [InlineData("/etc/wireguard/a.conf", "[Peer]\nendpoint=server:51820\nPublicKey = x\n", "server:51820,server")]
    [InlineData("/etc/wireguard/a.conf", "[Interface]\nDNS = 10.0.0.1, lan\n", "lan")]
    public void Names_are_found_in_any_text(string file, string text, string names) => Assert.Equal(
        names.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
        WrittenNames.In(new SourceText(file, text)).Select(n => n.Name).Distinct().Order(StringComparer.Ordinal));

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}
