using System.Text.Json;
using VpnConfinement.Cli.Output;
using VpnConfinement.Verify;

namespace VpnConfinement.Cli.Tests;

public sealed class VerifyTextTests
{
    private static readonly VerifyLine Parts = new(
        VerifyAspect.Confinement, "parts", "media", null, VerifyOutcome.Pass, "it is as it was applied", null);

    private static readonly VerifyLine Leak = new(
        VerifyAspect.Leak, "canaries", "media", "app.service", VerifyOutcome.Fail, "seen on eth0", "stop it");

    private static readonly VerifyLine Unknown =
        Leak with { Outcome = VerifyOutcome.Inconclusive, Evidence = "dropped\u001b[0m" };

    private static readonly VerifyLine Silent = new(
        VerifyAspect.Works, "state", "media", "wg0", VerifyOutcome.Fail, "blocked: no handshake", "look at it");

    [Fact]
    public void Lines_stand_below_their_namespace_and_unit_with_what_to_do() => Assert.Equal(
        """
        media
          ✓ parts: it is as it was applied
          app.service
            ✗ canaries: seen on eth0
              next: stop it
        fail: 1 passed, 1 failed, 0 inconclusive

        """,
        VerifyText.Of(new VerifyReport([Parts, Leak])));

    [Fact]
    public void The_last_line_says_what_all_come_to()
    {
        static string Last(params VerifyLine[] lines) =>
            VerifyText.Of(new VerifyReport(lines)).TrimEnd().Split('\n')[^1];
        Assert.Equal("pass: 1 passed, 0 failed, 0 inconclusive", Last(Parts));
        Assert.StartsWith(
            "inconclusive: 1 passed, 0 failed, 1 inconclusive", Last(Parts, Unknown), StringComparison.Ordinal);
        Assert.Contains("does not work, and nothing was seen to leave", Last(Parts, Silent), StringComparison.Ordinal);
        Assert.DoesNotContain("nothing was seen", Last(Leak, Silent), StringComparison.Ordinal);
        Assert.DoesNotContain("nothing was seen", Last(Unknown, Silent), StringComparison.Ordinal);
        Assert.StartsWith("inconclusive: 0 passed", Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void Evidence_controls_no_terminal() =>
        Assert.DoesNotContain('\u001b', VerifyText.Of(new VerifyReport([Unknown])));

    [Fact]
    public void The_json_is_the_documented_one()
    {
        using var json = JsonDocument.Parse(VerifyJson.Write(new VerifyReport([Parts, Leak])));
        Assert.Equal(["lines", "version", "outcome"], json.RootElement.EnumerateObject().Select(m => m.Name));
        Assert.Equal("fail", json.RootElement.GetProperty("outcome").GetString());
        var line = json.RootElement.GetProperty("lines")[1];
        Assert.Equal(
            ["aspect", "check", "namespace", "subject", "outcome", "evidence", "nextStep"],
            line.EnumerateObject().Select(m => m.Name));
        Assert.Equal("leak", line.GetProperty("aspect").GetString());
        Assert.Equal("fail", line.GetProperty("outcome").GetString());
    }
}
