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
    public void Each_way_by_which_something_acts_for_a_process_has_a_test_or_a_known_issue()
    {
        const string Head = "| way | baseline | strict | what stops it | shown by |\n| --- | --- | --- | --- | --- |\n";
        var page = File.ReadAllText(Path.Combine(Repository, "docs/security.md")).Split(Head);
        Assert.Equal(2, page.Length);
        var proofs = new Proofs(Repository);
        var rows = page[1].Split('\n').TakeWhile(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|')).ToList();
        Assert.True(rows.Count > 20, "the table is not found whole");
        foreach (var row in rows)
        {
            Assert.Equal(5, row.Length);
            Assert.Matches(Reach(), row[1]);
            Assert.Matches(Reach(), row[2]);
            var isOpen = (row[1] + row[2]).Contains("open", StringComparison.Ordinal);
            Assert.True(!isOpen || proofs.IsOpen(row[4]), $"{row[0]}: no known issue");
            Assert.True(proofs.Wrong(row[4]).Count == 0, $"{row[0]}: {string.Join(", ", proofs.Wrong(row[4]))}");
        }
    }

    [Theory]
    [InlineData("", "names no test and no known issue")]
    [InlineData("`NoSuchTests`", "there is no NoSuchTests")]
    [InlineData("`DocsTests.No_such_method`", "there is no DocsTests.No_such_method")]
    [InlineData("`no-such-kind`", "there is no no-such-kind")]
    [InlineData("`tests/vm/no-such`", "there is no tests/vm/no-such")]
    [InlineData("open: \"No such issue\"", "known-issues.md has no 'No such issue'")]
    [InlineData("`DocsTests.The_examples_can_be_read`, `vsock`, `tests/vm/run`; open: \"Root inside a service\"", null)]
    public void A_row_without_a_test_that_exists_is_wrong(string cell, string? wrong) =>
        Assert.Equal(wrong is null ? [] : [wrong], new Proofs(Repository).Wrong(cell));

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

    [GeneratedRegex("^ (no|yes|root|open) $")]
    private static partial Regex Reach();

    [GeneratedRegex("\"(VPC[0-9]{3})\"")]
    private static partial Regex QuotedCode();

    [GeneratedRegex(@"^\| (VPC[0-9]{3}) \|", RegexOptions.Multiline)]
    private static partial Regex TableCode();

    [GeneratedRegex("`([A-Za-z]+Tests(?:\\.[A-Za-z_]+)?|[a-z]+(?:-[a-z]+)+)`(?=[,; (|])")]
    private static partial Regex ProofName();
}
