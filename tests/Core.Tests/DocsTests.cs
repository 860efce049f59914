using System.Text.RegularExpressions;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Core.Tests;

public sealed partial class DocsTests
{
    private static readonly string Repository = Path.GetFullPath(Path.Combine(TestPaths.Project, "../.."));

    [Fact]
    public void Every_code_is_in_the_docs_and_every_documented_code_is_in_the_program()
    {
        var used = Directory.EnumerateFiles(Path.Combine(Repository, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(f => QuotedCode().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value)).Distinct().Order(StringComparer.Ordinal);
        var documented = TableCode().Matches(File.ReadAllText(Path.Combine(Repository, "docs/diagnostics.md"))).Select(m => m.Groups[1].Value);
        Assert.Equal(used, documented);
    }

    [Fact]
    public void Every_test_that_the_security_page_names_exists()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Repository, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText).ToList();
        foreach (Match name in ProofName().Matches(File.ReadAllText(Path.Combine(Repository, "docs/security.md"))))
        {
            var parts = name.Groups[1].Value.Split('.');
            Assert.All(parts, part => Assert.Contains(tests, t => t.Contains(part, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void The_examples_can_be_read()
    {
        var readme = File.ReadAllText(Path.Combine(Repository, "README.md"));
        var block = readme[(readme.IndexOf("```toml", StringComparison.Ordinal) + 7)..];
        foreach (var text in new[] { File.ReadAllText(Path.Combine(Repository, "examples/config.toml")), block[..block.IndexOf("```", StringComparison.Ordinal)] })
        {
            var findings = new DiagnosticBag();
            ConfigReader.Read([(new SourceText("example", text), false)], findings);
            Assert.Empty(findings.Sorted());
        }
    }

    [GeneratedRegex("\"(VPC[0-9]{3})\"")]
    private static partial Regex QuotedCode();

    [GeneratedRegex(@"^\| (VPC[0-9]{3}) \|", RegexOptions.Multiline)]
    private static partial Regex TableCode();

    [GeneratedRegex("`([A-Za-z]+Tests(?:\\.[A-Za-z_]+)?|[a-z]+(?:-[a-z]+)+)`(?=[,; (|])")]
    private static partial Regex ProofName();
}
