using VpnConfinement.Drift;
using VpnConfinement.Health;

namespace VpnConfinement.Core.Tests.Health;

/// <summary>What a part that drifted makes of its namespace.</summary>
[Trait("guarantees", "S-39")]
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
    [MemberData(nameof(Parts))]
    public void A_tunnel_that_no_unit_needs_is_idle_and_what_could_not_be_told_stays_unknown(string name)
    {
        var part = PartList.All.Single(p => p.Name == name);
        var drift = new DriftEntry(DriftKind.Namespace, "media", "the link wg0 is gone") { Part = part };
        var (known, unknown) = (Problem.Of(drift), Problem.Of(drift with { IsUnknown = true }));
        Assert.Equal(unknown, unknown.WithTunnelUnneeded());
        if (part is not { Repair: PartRepair.Tunnel })
        {
            Assert.Equal(known, known.WithTunnelUnneeded());
            return;
        }

        var condition = NamespaceHealth.Judge(true, Up, [known.WithTunnelUnneeded()]);
        Assert.Equal(
            new Condition(HealthState.Idle, "the link wg0 is gone, and no unit needs the tunnel", Up.Since), condition);
        Assert.NotEqual(HealthState.Idle, NamespaceHealth.Judge(true, Up, [known]).State);
        Assert.Equal(
            HealthState.Unknown, NamespaceHealth.Judge(true, Up, [known.WithTunnelUnneeded(), unknown]).State);
    }

    [Theory]
    [InlineData(true, "inactive")]
    [InlineData(true, "deactivating")]
    [InlineData(true, "inactive", "inactive", "failed", "not-found")]
    [InlineData(false, "inactive", "inactive", "active")]
    [InlineData(false, "inactive", "activating")]
    [InlineData(false, "deactivating", "deactivating")]
    [InlineData(false, "inactive", "unknown")]
    [InlineData(false, "inactive", "masked")]
    [InlineData(false, "active")]
    [InlineData(false, "activating")]
    [InlineData(false, "failed")]
    [InlineData(false, null)]
    public void A_tunnel_is_unneeded_where_it_is_stopped_and_no_unit_is_up(
        bool expected, string? tunnel, params string[] confined) =>
        Assert.Equal(expected, TunnelHealth.IsUnneeded(new UnitState { Load = "loaded", Active = tunnel }, confined));

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
