using VpnConfinement.Drift;
using VpnConfinement.Health;
using VpnConfinement.Verify;

namespace VpnConfinement.Core.Tests.Verify;

[Trait("guarantees", "S-40")]
public sealed class VerifyReportTests
{
    [Theory]
    [InlineData("", VerifyOutcome.Inconclusive, 5)]
    [InlineData("Pass", VerifyOutcome.Pass, 0)]
    [InlineData("Pass Inconclusive", VerifyOutcome.Inconclusive, 5)]
    [InlineData("Fail Inconclusive Pass", VerifyOutcome.Fail, 4)]
    public void The_worst_line_decides_and_no_line_proves_nothing(string lines, VerifyOutcome outcome, int status)
    {
        var report = new VerifyReport(
        [
            .. lines.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => Line(Enum.Parse<VerifyOutcome>(l))),
        ]);
        Assert.Equal(outcome, report.Outcome);
        Assert.Equal(status, VerifyReport.ExitStatus(report.Outcome));
    }

    [Theory]
    [InlineData(HealthState.Working, VerifyOutcome.Pass)]
    [InlineData(HealthState.Idle, VerifyOutcome.Pass)]
    [InlineData(HealthState.Waiting, VerifyOutcome.Inconclusive)]
    [InlineData(HealthState.Unknown, VerifyOutcome.Inconclusive)]
    [InlineData(HealthState.Degraded, VerifyOutcome.Fail)]
    [InlineData(HealthState.Blocked, VerifyOutcome.Fail)]
    [InlineData(HealthState.Failed, VerifyOutcome.Fail)]
    [InlineData(HealthState.Open, VerifyOutcome.Fail)]
    public void A_state_that_is_not_known_is_no_pass(HealthState state, VerifyOutcome outcome)
    {
        var entry = new HealthEntry(HealthKind.Service, "media", "app.service", state, "so", null, null);
        var line = VerifyLines.OfHealth(entry);
        Assert.Equal(outcome, line.Outcome);
        Assert.Equal(outcome is VerifyOutcome.Pass, line.NextStep is null);
    }

    [Fact]
    public void What_differs_fails_and_what_is_not_known_is_inconclusive()
    {
        var drift = PartList.Compare(new HostState
        {
            Processes =
            [
                new("app.service", "0:2", new Observation<IReadOnlyList<UnitProcess>>.Known(
                    [new(7, "0:2", 2), new(7, "0:1", 1) { Thread = 9 }, new(8, null, null)])),
            ],
        });
        var lines = VerifyLines.OfDrift("processes", "media", "app.service", drift, "fine").ToList();
        Assert.Equal(
            [
                (VerifyOutcome.Fail, "thread 9 of process 7 of app.service is outside its namespace (netns 1)"),
                (VerifyOutcome.Inconclusive, "the network namespace of process 8 of app.service cannot be read"),
            ],
            lines.Select(l => (l.Outcome, l.Evidence)));
        Assert.All(lines, l => Assert.NotNull(l.NextStep));
        Assert.Equal(
            VerifyOutcome.Pass,
            Assert.Single(VerifyLines.OfDrift("processes", "media", "app.service", [], "fine")).Outcome);
    }

    [Fact]
    public void A_service_without_a_process_proves_nothing_to_who_asked_for_it()
    {
        Assert.Equal(VerifyOutcome.Pass, VerifyLines.OfIdle("media", "app.service", isNamed: false).Outcome);
        Assert.Equal(VerifyOutcome.Inconclusive, VerifyLines.OfIdle("media", "app.service", isNamed: true).Outcome);
        Assert.Equal(VerifyOutcome.Inconclusive, VerifyLines.Nothing().Outcome);
        Assert.Equal(VerifyOutcome.Inconclusive, VerifyLines.OfDeadline("media", "app.service").Outcome);
    }

    private static VerifyLine Line(VerifyOutcome outcome) =>
        new(VerifyAspect.Leak, "canaries", "media", "app.service", outcome, "so", null);
}
