using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>Each step of the scenario, on a real systemd, as a test of its own.</summary>
public sealed class ScenarioTests(ScenarioFixture scenario) : IClassFixture<ScenarioFixture>
{
    public static TheoryData<string> Steps => [.. Scenario.StepIds];

    [Theory]
    [MemberData(nameof(Steps))]
    public void Step_passes(string step)
    {
        var verdict = scenario[step];
        Assert.True(verdict.Outcome == Outcome.Pass, $"{step}: {verdict.Outcome}: {verdict.Detail}");
    }

    [Fact]
    public void Step_ids_are_distinct() => Assert.Equal(Scenario.StepIds.Count(), Scenario.StepIds.Distinct().Count());
}
