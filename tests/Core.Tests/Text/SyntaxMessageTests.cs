using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Core.Tests.Text;

/// <summary>One finding for a text that cannot be read, in plain words and at its place.</summary>
public sealed class SyntaxMessageTests
{
    [Theory]
    [InlineData("[namespaces.media\nx = 1\n", 1, 18, "name of the table")]
    [InlineData("[[x]\n", 1, 4, "name of the table")]
    [InlineData("[]\n", 1, 2, "name is missing")]
    [InlineData("[a.\"b]\nx = 1\n", 1, 7, "does not end on the line")]
    [InlineData("a = \"x\nb = 1\nc = \"y\"\n", 1, 7, "does not end on the line")]
    [InlineData("a = \"\"\"x\n", 2, 1, "does not end")]
    [InlineData("a\nb = 1\n", 1, 2, "no '='")]
    [InlineData("a: 1\n", 1, 2, "no '='")]
    [InlineData("a = \nb = 1\n", 1, 5, "no value after")]
    [InlineData("namespace = media\n", 1, 13, "no value")]
    [InlineData("enable = yes\n", 1, 10, "no value")]
    [InlineData("enable = True\n", 1, 10, "no value")]
    [InlineData("a = [1, 2\nb = 3\n", 2, 1, "list is not closed")]
    [InlineData("a = [1 2]\n", 1, 8, "comma is missing")]
    [InlineData("a = { b = 1\nc = 2\n", 2, 1, "table in braces")]
    [InlineData("a = 10.0.0.1/24\n", 1, 9, "more on this line")]
    [InlineData("a = 010\n", 1, 5, "begin with 0")]
    [InlineData("a = 9223372036854775808\n", 1, 5, "number cannot be read")]
    [InlineData("a = 0x\n", 1, 5, "no value")]
    [InlineData("a = \"C:\\dir\"\n", 1, 9, "escape")]
    [InlineData("a = \"\u0007\"\n", 1, 5, "control character")]
    [InlineData("a = 1\rb = 2\n", 1, 6, "half of a line ending")]
    [InlineData("// x\n", 1, 1, "neither a table")]
    [InlineData("{ \"a\": 1 }\n", 1, 1, "neither a table")]
    [InlineData("a = \u201cx\u201d\n", 1, 5, "no value")]
    public void Toml(string text, int line, int column, string words) => Check(text, json: false, line, column, words);

    [Theory]
    [InlineData("", 1, 1, "no JSON")]
    [InlineData("{\n\"a\": 1,\n}", 3, 1, "comma after the last")]
    [InlineData("{\"a\": 1", 1, 8, "no end, after the number")]
    [InlineData("{\"a\": true", 1, 11, "ends inside")]
    [InlineData("{\"a\" 1}", 1, 6, "no ':'")]
    [InlineData("{\"a\": 1 \"b\": 2}", 1, 9, "no comma")]
    [InlineData("{a: 1}", 1, 2, "name in double quotes")]
    [InlineData("{\"a\": 'x'}", 1, 7, "no value")]
    [InlineData("{\"a\": yes}", 1, 7, "no value")]
    [InlineData("{\"a\": tru}", 1, 10, "no value")]
    [InlineData("{\"a\": 01}", 1, 8, "begin with 0")]
    [InlineData("{\"a\": \"\\d\"}", 1, 9, "no escape")]
    [InlineData("{\"a\": \"x}", 1, 10, "not closed")]
    [InlineData("{\"a\": \"x\n\"}", 1, 9, "not closed")]
    [InlineData("{} {}", 1, 4, "more after the end")]
    [InlineData("// x\n{}", 1, 1, "no value")]
    [InlineData("[]", 1, 1, "not an object")]
    public void Json(string text, int line, int column, string words) => Check(text, json: true, line, column, words);

    private static void Check(string text, bool json, int line, int column, string words)
    {
        var findings = new DiagnosticBag();
        ConfigReader.Read([(new SourceText("x", text), json)], findings);
        var finding = Assert.Single(findings.Sorted());
        Assert.Contains(words, finding.Message, StringComparison.Ordinal);
        Assert.Equal(("VPC001", line, column), (finding.Code, finding.Span.Line, finding.Span.Column));
        Assert.DoesNotContain("token", finding.Message, StringComparison.OrdinalIgnoreCase);
    }
}
