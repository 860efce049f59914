using VpnConfinement.Health;

namespace VpnConfinement.Core.Tests.Health;

public sealed class PeerHealthJudgeTests
{
    private readonly PeerHealthJudge _judge = new();

    [Fact]
    public void Nothing_sent_and_no_handshake_yet_says_nothing()
    {
        Assert.Equal(PeerHealth.Idle, Look(0, null, 0, 0));
        Assert.Equal(PeerHealth.Idle, Look(3600, null, 0, 0));
    }

    [Fact]
    public void A_session_that_can_be_used_answers()
    {
        Assert.Equal(PeerHealth.Answering, Look(0, 179, 92, 148));
        Assert.Equal(PeerHealth.Idle, Look(1, 180, 92, 148));
    }

    [Fact]
    public void Handshakes_that_nobody_answers_are_silence_after_three_of_them()
    {
        Look(0, null, 0, 0);
        Assert.Equal(PeerHealth.Idle, Look(1, null, 0, 148));
        Assert.Equal(PeerHealth.Idle, Look(15, null, 0, 444));
        Assert.Equal(PeerHealth.Silent, Look(16, null, 0, 592));
        Assert.Equal(PeerHealth.Answering, Look(17, 0, 92, 740));
    }

    [Fact]
    public void A_peer_that_has_gone_is_silent_once_its_session_is_over()
    {
        Look(0, 0, 92, 148);
        Assert.Equal(PeerHealth.Answering, Look(100, 100, 92, 5000));
        Assert.Equal(PeerHealth.Silent, Look(181, 181, 92, 9000));
    }

    [Fact]
    public void Any_answer_begins_anew()
    {
        Look(0, null, 0, 0);
        Look(1, null, 0, 148);
        Look(10, null, 64, 296);
        Assert.Equal(PeerHealth.Idle, Look(16, null, 64, 444));
        Assert.Equal(PeerHealth.Silent, Look(31, null, 64, 444));
    }

    [Fact]
    public void A_device_made_anew_begins_anew()
    {
        Look(0, null, 0, 1000);
        Look(1, null, 0, 2000);
        Assert.Equal(PeerHealth.Idle, Look(20, null, 0, 0));
        Assert.Equal(PeerHealth.Idle, Look(21, null, 0, 148));
    }

    private PeerHealth Look(double now, double? age, ulong received, ulong sent) =>
        _judge.Look(TimeSpan.FromSeconds(now), age is { } a ? TimeSpan.FromSeconds(a) : null, received, sent);
}
