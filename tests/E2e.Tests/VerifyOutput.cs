using System.Text.Json;
using VpnConfinement.Lab.Processes;

namespace VpnConfinement.E2e.Tests;

/// <summary>What <c>verify --json</c> printed.</summary>
/// <param name="Status">Its exit status.</param>
/// <param name="Lines">Its lines.</param>
internal sealed record VerifyOutput(int Status, List<VerifyOutput.Line> Lines)
{
    /// <summary>The lines that do not pass, for a failure's message.</summary>
    internal string Told => string.Join('\n', Lines.Where(l => l.Outcome != "pass"));

    /// <summary>Runs it on a machine.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="name">A namespace or a service; none for everything.</param>
    internal static VerifyOutput Of(BadHostFixture host, params string[] name) =>
        Read(host.Product(["verify", "--json", .. name]));

    /// <summary>Reads it. Its status is one of a report.</summary>
    internal static VerifyOutput Read(CommandResult result)
    {
        Assert.True(result.ExitCode is 0 or 4 or 5, result.Summary);
        using var report = JsonDocument.Parse(result.Output);
        Assert.Equal(1, report.RootElement.GetProperty("version").GetInt32());
        return new VerifyOutput(
            result.ExitCode,
            [
                .. report.RootElement.GetProperty("lines").EnumerateArray().Select(l => new Line(
                    l.GetProperty("aspect").GetString()!,
                    l.GetProperty("check").GetString()!,
                    l.GetProperty("namespace").GetString(),
                    l.GetProperty("subject").GetString(),
                    l.GetProperty("outcome").GetString()!,
                    l.GetProperty("evidence").GetString()!,
                    l.GetProperty("nextStep").GetString())),
            ]);
    }

    /// <summary>A line, with the members of the JSON.</summary>
    internal sealed record Line(
        string Aspect,
        string Check,
        string? Namespace,
        string? Subject,
        string Outcome,
        string Evidence,
        string? NextStep);
}
