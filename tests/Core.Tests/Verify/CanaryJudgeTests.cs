using System.Net;
using VpnConfinement.Verify;

namespace VpnConfinement.Core.Tests.Verify;

/// <summary>
/// What captures come to: a packet on the wire is a leak, and silence is a pass only where it proves something.
/// </summary>
[Trait("guarantees", "S-40")]
public sealed class CanaryJudgeTests
{
    private static readonly Canary Udp = Make(CanaryKind.Udp, 4242, 'a');
    private static readonly Canary Tcp = Make(CanaryKind.Tcp, 4243, 'b');
    private static readonly Canary Other = Make(CanaryKind.Udp, 4244, 'c');
    private static readonly Canary Before = Make(CanaryKind.Udp, 1, 'd');
    private static readonly Canary After = Make(CanaryKind.Udp, 2, 'e');

    private static readonly CaptureRecord Good =
        new("the host", [new(Before, "lo"), new(After, "lo")], 0, [Before, After], null);

    private static readonly CanaryTrial Trial = new(
        "media",
        "app.service",
        [Udp, Tcp],
        new Dictionary<Canary, string> { [Udp] = CanaryTrial.Sent, [Tcp] = "NetworkUnreachable" },
        null);

    [Fact]
    public void Silence_passes_where_all_was_tried_and_each_control_was_seen()
    {
        var line = CanaryJudge.Judge(Trial, [Good]);
        Assert.Equal((VerifyOutcome.Pass, null), (line.Outcome, line.NextStep));
        Assert.Equal(
            "2 packets tried, 1 of them refused at once; none was seen on a link of the host", line.Evidence);
    }

    [Fact]
    public void A_canary_on_a_link_fails_whatever_else_is_in_doubt()
    {
        var leaking = Good with { Sights = [new(Tcp, "eth0")], Dropped = 7 };
        var line = CanaryJudge.Judge(Trial with { Failure = "it ended" }, [leaking]);
        Assert.Equal(VerifyOutcome.Fail, line.Outcome);
        Assert.Equal("seen outside the tunnel: TCP to 198.51.100.7:4243 on eth0 of the host", line.Evidence);
        Assert.Contains("systemctl stop app.service", line.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void A_canary_of_another_service_is_that_services() =>
        Assert.Equal(
            VerifyOutcome.Pass,
            CanaryJudge.Judge(Trial, [Good with { Sights = [.. Good.Sights, new(Other, "eth0")] }]).Outcome);

    public static TheoryData<string, CanaryTrial, CaptureRecord[]> Doubts { get; } = new()
    {
        { "the kernel dropped 1 packets", Trial, [Good with { Dropped = 1 }] },
        { "1 of 2 control packets were not seen", Trial, [Good with { Sights = [new(Before, "lo")] }] },
        { "no control packet was sent", Trial, [Good with { Controls = [] }] },
        { "could not be watched: no right", Trial, [Good with { Failure = "no right" }] },
        { "another place could not be watched", Trial, [Good, Good with { Place = "another place", Failure = "x" }] },
        { "nothing was watched", Trial, [] },
        { "no packet could be sent as app.service: it ended", Trial with { Failure = "it ended" }, [Good] },
        { "2 of 2 packets were not tried", Trial with { Answers = new Dictionary<Canary, string>() }, [Good] },
        { "0 of 0 packets were not tried", Trial with { Canaries = [] }, [Good] },
    };

    [Theory]
    [MemberData(nameof(Doubts))]
    public void Silence_that_proves_nothing_is_inconclusive(string said, CanaryTrial trial, CaptureRecord[] captures)
    {
        var line = CanaryJudge.Judge(trial, captures);
        Assert.Equal(VerifyOutcome.Inconclusive, line.Outcome);
        Assert.Contains(said, line.Evidence, StringComparison.Ordinal);
        Assert.NotNull(line.NextStep);
    }

    private static Canary Make(CanaryKind kind, ushort port, char token) =>
        new(kind, new IPAddress([198, 51, 100, 7]), port, new string(token, 32));
}
