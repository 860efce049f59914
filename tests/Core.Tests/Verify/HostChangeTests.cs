using VpnConfinement.Verify;

namespace VpnConfinement.Core.Tests.Verify;

/// <summary>What a change during a run makes of its lines.</summary>
[Trait("guarantees", "S-40")]
public sealed class HostChangeTests
{
    private static readonly VerifyLine Parts = Line(VerifyAspect.Confinement, "media", null, VerifyOutcome.Fail);
    private static readonly VerifyLine Threads =
        Line(VerifyAspect.Confinement, "media", "a.service", VerifyOutcome.Fail);
    private static readonly VerifyLine Leak = Line(VerifyAspect.Leak, "media", "a.service", VerifyOutcome.Fail);
    private static readonly VerifyLine Passed = Line(VerifyAspect.Works, "media", null, VerifyOutcome.Pass);
    private static readonly VerifyLine Other = Line(VerifyAspect.Works, "work", "b.service", VerifyOutcome.Fail);
    private static readonly VerifyLine Host = Line(VerifyAspect.Confinement, null, "host", VerifyOutcome.Fail);

    private static readonly VerifyLine[] All = [Parts, Threads, Leak, Passed, Other, Host];

    public static TheoryData<string?, string?, VerifyLine[]> Concerned { get; } = new()
    {
        { null, null, [Parts, Threads, Other, Host] },
        { "media", null, [Parts, Threads] },
        { "media", "a.service", [Threads] },
        { "media", "c.service", [] },
    };

    [Theory]
    [MemberData(nameof(Concerned))]
    public void What_failed_beside_a_change_is_inconclusive_and_a_leak_stays_one(
        string? ns, string? unit, VerifyLine[] concerned)
    {
        var lines = HostChange.Temper(All, [new HostChange(ns, unit, "it changed")]);
        var changed = lines.Take(All.Length).Zip(All).Where(p => p.First != p.Second).ToList();
        Assert.Equal(concerned, changed.Select(p => p.Second));
        Assert.All(changed, p =>
        {
            Assert.Equal(VerifyOutcome.Inconclusive, p.First.Outcome);
            Assert.Equal("seen; it changed", p.First.Evidence);
            Assert.NotNull(p.First.NextStep);
        });
        var line = Assert.Single(lines.Skip(All.Length));
        Assert.Equal((ns, unit, "it changed"), (line.Namespace, line.Subject, line.Evidence));
        Assert.Equal(VerifyOutcome.Inconclusive, line.Outcome);
        Assert.NotNull(line.NextStep);
    }

    [Fact]
    public void Where_nothing_changed_each_line_stays() => Assert.Equal(All, HostChange.Temper(All, []));

    [Fact]
    public void A_report_that_saw_a_change_does_not_pass() =>
        Assert.Equal(
            VerifyOutcome.Inconclusive,
            new VerifyReport(HostChange.Temper([Passed], [new HostChange("media", null, "it changed")])).Outcome);

    private static VerifyLine Line(VerifyAspect aspect, string? ns, string? subject, VerifyOutcome outcome) =>
        new(aspect, "parts", ns, subject, outcome, "seen", null);
}
