using VpnConfinement.Drift;
using VpnConfinement.Health;

namespace VpnConfinement.Core.Tests.Health;

/// <summary>What a part that drifted makes of its namespace.</summary>
public sealed class ProblemTests
{
    private static readonly UnitState Up = new() { Load = "loaded", Active = "active" };

    public static TheoryData<string> Parts { get; } = [.. PartList.All.Select(part => part.Name)];

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_guard_that_drifted_is_open_and_what_could_not_be_told_is_unknown(string name)
    {
        var part = PartList.All.Single(p => p.Name == name);
        var drift = new DriftEntry(DriftKind.Namespace, "media", "it differs") { Part = part };
        var expected = part.IsGuard ? HealthState.Open
            : part == PartList.Netns || part == PartList.Published ? HealthState.Failed
            : part == PartList.Birthplace ? HealthState.Blocked
            : HealthState.Degraded;
        Assert.Equal(expected, Problem.Of(drift).State);
        Assert.Equal(HealthState.Unknown, Problem.Of(drift with { IsUnknown = true }).State);
        Assert.Equal(4, HealthStates.ExitStatus(expected));
    }

    [Fact]
    public void The_worst_problem_is_the_namespaces_condition_with_its_remedy()
    {
        var end = new DriftEntry(DriftKind.Namespace, "media", "the host's end is down")
        {
            Part = PartList.All.Single(p => p.Name == "host end"),
        };
        var ruleset = new DriftEntry(DriftKind.Namespace, "media", "it is not known")
        {
            Part = PartList.Ruleset,
            IsUnknown = true,
            IsUnproven = true,
        };
        var condition = NamespaceHealth.Judge(true, Up, [Problem.Of(end), Problem.Of(ruleset)]);
        Assert.Equal(HealthState.Unknown, condition.State);
        Assert.Equal("it is not known", condition.Reason);
        Assert.Equal("run 'vpn-confinement apply', which loads it again in place", condition.Remedy);
        Assert.Equal(
            "the host's end is down; run 'vpn-confinement apply'",
            Problem.Of(end).Line);
        Assert.Equal(HealthState.Working, NamespaceHealth.Judge(true, Up, []).State);
    }

    [Theory]
    [InlineData("masked", "active", false, HealthState.Working)]
    [InlineData("not-found", "active", false, HealthState.Working)]
    [InlineData("masked", "inactive", false, HealthState.Idle)]
    [InlineData("masked", "inactive", null, HealthState.Unknown)]
    [InlineData("not-found", "inactive", null, HealthState.Unknown)]
    [InlineData("masked", "inactive", true, HealthState.Open)]
    [InlineData("not-found", "inactive", true, HealthState.Open)]
    public void Processes_count_whatever_became_of_their_unit(
        string load, string active, bool? isOutside, HealthState expected) => Assert.Equal(
            expected,
            ServiceHealth.Judge(
                new ServiceObservation
                {
                    Name = "x.service",
                    Unit = new UnitState { Load = load, Active = active, Sub = "running" },
                    IsOutside = isOutside,
                },
                TimeSpan.FromHours(1)).State);
}
