using System.Diagnostics.CodeAnalysis;
using System.Text;
using CsCheck;
using VpnConfinement.Config;
using VpnConfinement.Config.WgQuick;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Core.Tests.Config;

[Trait("guarantees", "S-10 S-11")]
public sealed class BadInputTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("# nothing but a comment\n")]
    [InlineData("\0\0\0")]
    [InlineData("a = '\uD800'")]
    [InlineData("a = \"\\")]
    [InlineData("a=\"\\u1")]
    [InlineData("a\uDC00 = 1")]
    [InlineData("[namespaces.a]\nx = \"unterminated\n")]
    [InlineData("a.b.c = 1\na.b = 2\n")]
    [InlineData("[[namespaces]]\n[namespaces.a]\n")]
    [InlineData("[namespaces]\na.ipv6.mode = \"disable\"\n[namespaces.a]\nenable = false\n")]
    [InlineData("[namespaces]\na.dns.mode = \"strict\"\n[namespaces.a.dns]\nallowHostResolverIPC = false\n")]
    [InlineData("defaultNamespace = \"a\\\tb\"\n[namespaces.ab]\nenable = false\n")]
    [InlineData("defaultNamespace = \"\"\"a\\ b\"\"\"\n[namespaces.ab]\nenable = false\n")]
    [InlineData("namespaces.\"a\\ b\".enable = false\n")]
    public void Refused_with_a_finding(string text)
    {
        var findings = new DiagnosticBag();
        ConfigReader.Read([(new SourceText("config.toml", text), false)], findings);
        Assert.True(findings.HasErrors);
        Assert.All(findings.Sorted(), f => Assert.NotEmpty(f.Remedy));
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Deep_nesting_is_an_error_and_no_crash(char bracket)
    {
        foreach (var json in new[] { false, true })
        {
            var findings = new DiagnosticBag();
            var text = "x = " + new string(bracket, 1_000_000);
            Assert.Null(ConfigReader.Read([(new SourceText("deep", json ? text[4..] : text), json)], findings));
            Assert.True(findings.HasErrors);
        }
    }

    [Fact]
    public void Five_megabytes_of_noise_end_soon_with_a_bounded_number_of_findings()
    {
        var noise = new StringBuilder();
        var random = new Random(7);
        while (noise.Length < 5 << 20)
        {
            noise.Append((char)random.Next(32, 127)).Append(random.Next(60) == 0 ? "\n" : "");
        }

        foreach (var json in new[] { false, true })
        {
            var findings = new DiagnosticBag();
            Assert.Null(ConfigReader.Read([(new SourceText("noise", noise.ToString()), json)], findings));
            Assert.InRange(findings.Sorted().Count, 1, 40);
        }
    }

    [Fact]
    public void A_key_set_in_two_files_names_both_places()
    {
        var findings = new DiagnosticBag();
        ConfigReader.Read(
            [(new SourceText("config.toml", "[namespaces.a]\nenable = true\n"), false), (new SourceText("conf.d/x.toml", "[namespaces.a]\nenable = true\n"), false)], findings);
        var finding = Assert.Single(findings.Sorted());
        Assert.Equal("VPC004", finding.Code);
        Assert.Contains("config.toml:2:1", finding.Message, StringComparison.Ordinal);
        Assert.Equal("conf.d/x.toml", finding.Span.File);
    }

    [Fact]
    public void Random_text_never_crashes_a_reader()
    {
        Gen.String.Sample(text =>
        {
            foreach (var json in new[] { false, true })
            {
                ConfigReader.Read([(new SourceText("random", text), json)], new DiagnosticBag());
            }

            WgQuickReader.Read(new SourceText("random", text), "x", new DiagnosticBag());
        });
    }

    [Fact]
    public void Text_near_the_grammar_never_crashes_a_reader()
    {
        string[] pieces = ["[", "]", "namespaces", ".", "a", "=", "\"", "\n", "{", "}", ",", "true", "1", "wireguard", "[[", "#", "'", "\\", ":", " ", "[Interface]", "[Peer]", "PrivateKey", "é", "\uD800"];
        Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]).Array[0, 40].Select(string.Concat).Sample(text =>
        {
            foreach (var json in new[] { false, true })
            {
                ConfigReader.Read([(new SourceText("random", text), json)], new DiagnosticBag());
            }

            WgQuickReader.Read(new SourceText("random", text), "x", new DiagnosticBag());
        });
    }

    [Theory]
    [InlineData("privateKey = AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\n")]
    [InlineData("[wireguard.interfaces.wg0]\nprivateKey = \"AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\nx = 1\n")]
    [InlineData("[wireguard.interfaces.wg0]\nAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\n")]
    [InlineData("[wireguard.interfaces.wg0]\nprivatKey = \"AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\"\n")]
    public void No_finding_about_toml_shows_a_key(string toml)
    {
        var text = new SourceText("config.toml", toml);
        var findings = new DiagnosticBag();
        ConfigReader.Read([(text, false)], findings);
        Assert.True(findings.HasErrors);
        foreach (var finding in findings.Sorted())
        {
            Assert.DoesNotContain("DQ4PEBESExQV", DiagnosticText.Render(finding, new Dictionary<string, SourceText> { [text.File] = text }, (t, _) => t), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[Interface] PrivateKey = KEY\n")]
    [InlineData("[KEY]\n")]
    [InlineData("[PeKEYer]\n")]
    [InlineData("[Interface]\nDNS = KEY\n")]
    [InlineData("[Interface]\nAddress = KEY\nMTU = KEY\nFwMark = KEY\nPrivateKy = KEY\n[Peer]\nEndpoint = KEY\nAllowedIPs = KEY\n")]
    public void No_finding_about_a_value_in_the_wrong_place_shows_a_key(string wgQuick)
    {
        const string Key = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
        var findings = new DiagnosticBag();
        WgQuickReader.Read(new SourceText("m.conf", wgQuick.Replace("KEY", Key, StringComparison.Ordinal)), "x", findings);
        ConfigReader.Read([(new SourceText("config.toml", $"[wireguard.interfaces.wg0]\n'{Key}' = 1\n[wireguard.interfaces.'{Key[..^1]}']\n[namespaces.'x{Key[..^1]}y']\n"), false)], findings);
        Assert.True(findings.HasErrors);
        Assert.DoesNotContain("DQ4PEBESExQV", CheckJson.Write(false, findings.Sorted()), StringComparison.Ordinal);
    }

    [Fact]
    [SuppressMessage("Globalization", "CA1307", Justification = "ordinal is the default of Assert")]
    public void No_finding_shows_a_key()
    {
        var key = Convert.ToBase64String(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());
        foreach (var broken in new[] { key[..^1], key + "x", key.Replace("=", "", StringComparison.Ordinal), "short" + key[..20] })
        {
            var text = new SourceText("m.conf", $"[Interface]\nPrivateKey = {broken}\nAddress = 10.0.0.2/32\nPrivateKy = {broken}\n{broken}\n[Peer]\nPublicKey = {broken}\nPresharedKey = {broken}\nAllowedIPs = 0.0.0.0/0\n");
            var findings = new DiagnosticBag();
            WgQuickReader.Read(text, "x", findings);
            Assert.True(findings.HasErrors);
            foreach (var finding in findings.Sorted())
            {
                var shown = DiagnosticText.Render(finding, new Dictionary<string, SourceText> { [text.File] = text }, (t, _) => t) + CheckJson.Write(false, [finding]);
                Assert.DoesNotContain(broken[6..18], shown);
            }
        }
    }
}
