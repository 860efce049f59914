using VpnConfinement.Diagnostics;

namespace VpnConfinement.Core.Tests;

/// <summary>The page that <c>explain</c> prints from.</summary>
public sealed class CodePageTests
{
    private const string Small =
        """
        | code | | what | example |
        | --- | --- | --- | --- |
        | VPC001 | error | The text `a` | `x=\|y` |

        ### VPC001

        Why: It matters
        much.

        Cure: Do `it`.

        Without `app.service`.

        Beside it: VPC002.

        ```toml
        a = 1

        ```

        ```ini app.service
        [Service]
        ```

        ```text
        wrong
        ```

        """;

    private static string Page => File.ReadAllText(DiagnosticsPage.File);

    [Fact]
    public void An_entry_has_all_of_its_row_and_of_its_section()
    {
        var entry = Assert.Single(CodePage.Read(Small));
        Assert.Equal(
            new CodeEntry(
                "VPC001", "error", "The text 'a'", "'x=|y'", "It matters much.", "Do 'it'.", entry.Files, entry.Host,
                "wrong\n"),
            entry);
        Assert.Equal([new("config.toml", "a = 1\n\n"), new("app.service", "[Service]\n")], entry.Files);
        Assert.Equal(["Without 'app.service'."], entry.Host);
    }

    [Fact]
    public void Every_code_of_the_page_is_read()
    {
        var entries = CodePage.Read(Page).Where(e => e.Code.StartsWith("VPC", StringComparison.Ordinal)).ToList();
        Assert.Equal(DiagnosticsPage.Table, entries.Select(e => (e.Code, e.Severity)));
        Assert.All(entries, e => Assert.Contains($" {e.Code}: ", e.Finding, StringComparison.Ordinal));
        Assert.All(entries, e => Assert.NotEmpty(e.Files));
    }

    [Fact]
    public void Why_and_cure_are_short_sentences() => Assert.All(
        CodePage.Read(Page).SelectMany(e => (string[])[e.Why, e.Cure])
        .SelectMany(t => t.Split((string[])[". ", ": "], StringSplitOptions.None)),
        sentence => Assert.InRange(sentence.Split(' ').Length, 1, 25));

    [Theory]
    [InlineData("Why: ", "VPC001 has no 'Why:'")]
    [InlineData("Cure: ", "VPC001 has no 'Cure:'")]
    [InlineData("```text\nwrong\n```\n", "VPC001 has no 'text'")]
    [InlineData("### VPC001", "VPC001 has no section")]
    [InlineData("wrong\n```\n", "the block '```text' has no end")]
    public void A_page_of_another_form_is_refused(string missing, string said) => Assert.Equal(
        said,
        Assert.Throws<FormatException>(() => CodePage.Read(Small.Replace(missing, "", StringComparison.Ordinal)))
        .Message);
}
