using VpnConfinement.Health;

namespace VpnConfinement.Core.Tests.Health;

/// <summary>A peer by its counters over time: data that is not answered is told, idleness never.</summary>
[Trait("guarantees", "S-39")]
public sealed class PeerHealthJudgeTests
{
    private const ulong Keepalive = 32;
    private const ulong Initiation = 148;
    private const ulong Ack = 96;

    private readonly PeerHealthJudge _judge = new();
    private ulong _received;
    private ulong _sent;
    private ulong _data;
    private bool _handshake;
    private int _now;

    [Fact]
    public void Nothing_sent_and_no_handshake_says_nothing()
    {
        for (var i = 0; i < 3600; i++)
        {
            Assert.Equal(AnswerState.Idle, Second());
        }
    }

    [Fact]
    public void Handshakes_that_nobody_answers_are_silence_after_two_of_them()
    {
        Second();
        Assert.Equal(AnswerState.Waiting, Second(sent: Initiation));
        Assert.Equal(AnswerState.Waiting, Seconds(9));
        Assert.Equal(AnswerState.Silent, Second());
        Assert.Equal(TimeSpan.FromSeconds(2), _judge.Since);
        _handshake = true;
        Assert.Equal(AnswerState.Answering, Second(received: 92));
    }

    [Fact]
    public void A_watcher_that_comes_late_gives_the_first_answer_its_time()
    {
        _sent = 5000;
        Assert.Equal(AnswerState.Waiting, Second());
        Assert.Equal(AnswerState.Silent, Seconds(10));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    public void An_idle_tunnel_is_no_silence_whatever_was_last(int persistentKeepalive)
    {
        Established();

        // The last packet is an acknowledgement, and what would answer it is lost.
        Second(sent: Ack, data: 1);
        for (var i = 1; i <= 1800; i++)
        {
            Assert.Equal(AnswerState.Answering, Second(sent: persistentKeepalive > 0 && i % persistentKeepalive == 0 ? Keepalive : 0));
        }

        // It works at the next packet.
        Assert.Equal(AnswerState.Answering, Second(sent: Ack, data: 1));
        Assert.Equal(AnswerState.Answering, Second(received: Ack));
    }

    [Fact]
    public void Handshakes_of_an_idle_tunnel_that_are_lost_are_no_silence()
    {
        Established();
        for (var i = 1; i <= 1800; i++)
        {
            Assert.Equal(AnswerState.Answering, Second(sent: i % 5 == 0 ? Initiation : 0));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(10)]
    public void A_peer_that_goes_away_under_a_sender_is_silent_within_a_minute(int every)
    {
        Established();
        for (var i = 0; i < 60 && _judge.State is not AnswerState.Silent; i++)
        {
            Second(sent: i % every == 0 ? 128UL : 0, data: i % every == 0 ? 1UL : 0);
        }

        Assert.Equal(AnswerState.Silent, _judge.State);
        Assert.InRange(_judge.Since.TotalSeconds, 2, 13);
    }

    // What it sends arrives, and what is sent to it does not: it begins one handshake after the other.
    [Fact]
    public void A_peer_that_hears_nothing_is_silent_though_it_begins_handshakes()
    {
        Established();
        for (var i = 0; i < 60; i++)
        {
            Second(sent: 128, data: 1, received: i % 5 == 0 ? Initiation : 0);
        }

        Assert.Equal(AnswerState.Silent, _judge.State);
    }

    // One stuck connection: TCP doubles the time to its next try (RFC 6298).
    [Fact]
    public void A_peer_that_goes_away_under_one_connection_is_silent_within_a_minute()
    {
        Established();
        var tries = new HashSet<int> { 0, 1, 3, 6, 13, 26, 51 };
        for (var i = 0; i < 60; i++)
        {
            Second(sent: tries.Contains(i) ? 128UL : 0, data: tries.Contains(i) ? 1UL : 0);
        }

        Assert.Equal(AnswerState.Silent, _judge.State);
    }

    [Fact]
    public void Any_answer_begins_anew()
    {
        Established();
        for (var i = 0; i < 600; i++)
        {
            Assert.Equal(AnswerState.Answering, Second(sent: 128, data: 1, received: i % 40 == 0 ? Keepalive : 0));
        }
    }

    [Fact]
    public void What_is_silent_stays_so_until_something_comes()
    {
        A_peer_that_goes_away_under_a_sender_is_silent_within_a_minute(1);
        Assert.Equal(AnswerState.Silent, Seconds(600));
        Assert.Equal(AnswerState.Answering, Second(received: 92));
    }

    [Fact]
    public void A_device_made_anew_begins_anew()
    {
        A_peer_that_goes_away_under_a_sender_is_silent_within_a_minute(1);
        (_received, _sent, _data, _handshake) = (0, 0, 0, false);
        Assert.NotEqual(AnswerState.Silent, Second());
    }

    // The ruleset counts for all peers; one that gets keepalives alone is owed nothing by them.
    [Fact]
    public void Data_for_another_peer_is_not_held_against_one_that_only_gets_keepalives()
    {
        Established();
        for (var i = 0; i < 300; i++)
        {
            Assert.Equal(AnswerState.Answering, Second(sent: i % 25 == 0 ? Keepalive : 0, data: 1, isAlone: false));
        }

        for (var i = 0; i < 60; i++)
        {
            Second(sent: 128, data: 1, isAlone: false);
        }

        Assert.Equal(AnswerState.Silent, _judge.State);
    }

    [Fact]
    public void Without_the_rulesets_count_the_sizes_tell()
    {
        var judge = new PeerHealthJudge();
        judge.Look(TimeSpan.Zero, true, 92, 148, null, true);
        for (var i = 1; i <= 300; i++)
        {
            Assert.Equal(AnswerState.Answering, judge.Look(TimeSpan.FromSeconds(i), true, 92, 148 + ((ulong)i / 25 * 32), null, true));
        }

        for (var i = 301; i <= 360; i++)
        {
            judge.Look(TimeSpan.FromSeconds(i), true, 92, (ulong)i * 128, null, true);
        }

        Assert.Equal(AnswerState.Silent, judge.State);
    }

    private void Established()
    {
        Second();
        _handshake = true;
        Assert.Equal(AnswerState.Answering, Second(sent: Initiation + Ack, data: 1, received: 92 + Keepalive));
    }

    private AnswerState Seconds(int count)
    {
        for (var i = 1; i < count; i++)
        {
            Second();
        }

        return Second();
    }

    private AnswerState Second(ulong sent = 0, ulong received = 0, ulong data = 0, bool isAlone = true)
    {
        (_now, _sent, _received, _data) = (_now + 1, _sent + sent, _received + received, _data + data);
        return _judge.Look(TimeSpan.FromSeconds(_now), _handshake, _received, _sent, _data, isAlone);
    }
}
