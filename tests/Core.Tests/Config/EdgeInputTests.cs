using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Syntax;
using VpnConfinement.Text;

namespace VpnConfinement.Core.Tests.Config;

/// <summary>Values at the edges of what is accepted, as they are written in a file.</summary>
public sealed class EdgeInputTests
{
    private const string Namespace = "[namespaces.media]\n";

    [Theory]
    [InlineData("1", true)]
    [InlineData("65535", true)]
    [InlineData("0", false)]
    [InlineData("65536", false)]
    [InlineData("-1", false)]
    [InlineData("-0", false)]
    [InlineData("+80", true)]
    [InlineData("0x50", true)]
    [InlineData("0o120", true)]
    [InlineData("0b1010000", true)]
    [InlineData("8_080", true)]
    [InlineData("9223372036854775807", false)]
    [InlineData("9223372036854775808", false)]
    [InlineData("-9223372036854775809", false)]
    [InlineData("80.0", false)]
    [InlineData("1e3", false)]
    [InlineData("inf", false)]
    [InlineData("nan", false)]
    [InlineData("080", false)]
    [InlineData("8__0", false)]
    [InlineData("_80", false)]
    [InlineData("0X50", false)]
    [InlineData("\"80\"", false)]
    [InlineData("true", false)]
    [InlineData("2020-01-01", false)]
    public void Ports_in_toml(string port, bool accepted) => Assert.Equal(accepted, Read(Namespace + $"publishToHost.tcp = [{port}]\n").Count == 0);

    [Theory]
    [InlineData("1", true)]
    [InlineData("65535", true)]
    [InlineData("0", false)]
    [InlineData("65536", false)]
    [InlineData("-1", false)]
    [InlineData("80.0", false)]
    [InlineData("1e3", false)]
    [InlineData("1E0", false)]
    [InlineData("9223372036854775808", false)]
    [InlineData("99999999999999999999999999", false)]
    [InlineData("+80", false)]
    [InlineData("0x50", false)]
    [InlineData("080", false)]
    [InlineData("\"80\"", false)]
    [InlineData("null", false)]
    public void Ports_in_json(string port, bool accepted) => Assert.Equal(accepted, Read("{\"namespaces\": {\"media\": {\"publishToHost\": {\"tcp\": [" + port + "]}}}}", json: true).Count == 0);

    [Theory]
    [InlineData("a = 1\na = 2\n", 2)]
    [InlineData("a = 1\n\"a\" = 2\n", 2)]
    [InlineData("a = 1\n'\\u0061' = 1\n\"\\u0061\" = 2\n", 3)]
    [InlineData("a.b = 1\na.b = 2\n", 2)]
    [InlineData("[a]\nb = 1\n[a]\nc = 2\n", 3)]
    [InlineData("[a.b]\nc = 1\n[a]\nb.c = 2\n", 4)]
    [InlineData("[a.b]\n[a]\nb = 1\n", 3)]
    [InlineData("a = { b = 1 }\n[a]\nc = 1\n", 2)]
    [InlineData("a = { b = 1 }\na.c = 1\n", 2)]
    [InlineData("a = { b = 1, b = 2 }\n", 1)]
    [InlineData("a = [1]\n[[a]]\n", 2)]
    [InlineData("[[a]]\n[a]\n", 2)]
    [InlineData("[a]\n[[a]]\n", 2)]
    [InlineData("[[a.b]]\n[a]\nb = 1\n", 3)]
    public void A_key_or_table_that_is_set_twice_in_toml_is_refused_at_the_second_place(string text, int line)
    {
        var findings = new DiagnosticBag();
        TomlReader.Read(new SourceText("config.toml", text), findings);
        var finding = Assert.Single(findings.Sorted());
        Assert.Equal(("VPC004", line), (finding.Code, finding.Span.Line));
    }

    [Theory]
    [InlineData("[a]\nb = 1\n[a.c]\nd = 1\n")]
    [InlineData("[a.c]\nd = 1\n[a]\nb = 1\n")]
    [InlineData("a.b = 1\na.c = 2\n")]
    [InlineData("[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 1\n")]
    [InlineData("[[a]]\n[x]\n[[a]]\n")]
    [InlineData("a = { b.c = 1, b.d = 2 }\n")]
    public void Tables_that_meet_without_a_key_set_twice_are_read(string text)
    {
        var findings = new DiagnosticBag();
        TomlReader.Read(new SourceText("config.toml", text), findings);
        Assert.Empty(findings.Sorted());
    }

    [Theory]
    [InlineData("\uFEFF[namespaces.media]\nenable = true\n", true)]
    [InlineData("[namespaces.media]\r\nenable = true\r\n", true)]
    [InlineData("[namespaces.media]\nenable = true", true)]
    [InlineData("\uFEFF\uFEFF[namespaces.media]\n", false)]
    [InlineData("[namespaces.media]\renable = true\r", false)]
    [InlineData("[namespaces.media]\nenable = true\0\n", false)]
    [InlineData("[namespaces.media]\nenable\u00a0= true\n", false)]
    [InlineData("[namespaces.media]\nenable = true\u2028x = 1\n", false)]
    [InlineData("[namespaces.media]\nenаble = true\n", false)]
    [InlineData("# \u202e\n[namespaces.media]\n", true)]
    public void Encodings_and_line_ends(string text, bool accepted) => Assert.Equal(accepted, Read(text).Count == 0);

    [Theory]
    [InlineData("a")]
    [InlineData("\"a\"")]
    public void Names_with_dots_nest_no_deeper_than_lists(string name)
    {
        var deep = string.Join('.', Enumerable.Repeat(name, 100_000));
        foreach (var text in new[] { $"{deep} = 1\n", $"[{deep}]\n", $"[[{deep}]]\n", $"x = {{ {deep} = 1 }}\n", $"[{string.Join('.', Enumerable.Repeat(name, 40))}]\n{string.Join('.', Enumerable.Repeat(name, 40))} = 1\n" })
        {
            // Twice, because two files are merged table by table.
            var findings = new DiagnosticBag();
            Assert.Null(ConfigReader.Read([(new SourceText("a.toml", text), false), (new SourceText("b.toml", text), false)], findings));
            Assert.Contains(findings.Sorted(), f => f.Code == "VPC001" && f.Message.Contains("64 deep", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_long_value_is_cut_in_what_is_said_about_it()
    {
        var text = new SourceText("config.toml", $"[namespaces.{new string('a', 100_000)}]\nsecurityProfile = \"{new string('b', 1_000_000)}\"\n");
        var findings = new DiagnosticBag();
        ConfigReader.Read([(text, false)], findings);
        var finding = Assert.Single(findings.Sorted());
        Assert.InRange(DiagnosticText.Render(finding, new Dictionary<string, SourceText> { [text.File] = text }, (t, _) => t).Length, 1, 2000);
    }

    [Fact]
    public void A_place_after_characters_of_two_units_is_where_an_editor_shows_it()
    {
        foreach (var (text, json, column) in new[] { ("a = [\"\ud83d\ude00e\u0301\", 1.5.5]\n", false, 17), ("{\"a\": [\"\ud83d\ude00e\u0301\", x]}", true, 16) })
        {
            var findings = new DiagnosticBag();
            ConfigReader.Read([(new SourceText("x", text), json)], findings);
            Assert.Equal((1, column), (Assert.Single(findings.Sorted()).Span.Line, findings.Sorted()[0].Span.Column));
        }
    }

    private static IReadOnlyList<Diagnostic> Read(string text, bool json = false)
    {
        var findings = new DiagnosticBag();
        ConfigReader.Read([(new SourceText("config", text), json)], findings);
        return findings.Sorted();
    }
}
