using VpnConfinement.Health;

namespace VpnConfinement.Core.Tests.Health;

/// <summary>The state of each kind of part, by what is seen of it; what could not be seen is never a pass.</summary>
public sealed class HealthTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly UnitState Up = new() { Load = "loaded", Active = "active", Since = Now.AddHours(-1) };

    private static readonly TunnelObservation Tunnel = new()
    {
        UnitName = "wireguard-wg0.service", Unit = Up, IsNamespaceUp = true, HasLink = true, IsWanted = true, Peers = [],
    };

    private static readonly UnitState Service = new()
    {
        Load = "loaded", Active = "active", Sub = "running", Type = "simple", Started = TimeSpan.FromSeconds(100), Since = Now.AddHours(-1),
    };

    [Theory]
    [InlineData(HealthState.Working, 0)]
    [InlineData(HealthState.Idle, 0)]
    [InlineData(HealthState.Waiting, 5)]
    [InlineData(HealthState.Degraded, 4)]
    [InlineData(HealthState.Unknown, 5)]
    [InlineData(HealthState.Blocked, 4)]
    [InlineData(HealthState.Failed, 4)]
    [InlineData(HealthState.Open, 4)]
    public void Each_state_has_its_exit_status(HealthState state, int status) => Assert.Equal(status, HealthStates.ExitStatus(state));

    [Fact]
    public void The_worst_comes_first_and_decides()
    {
        HealthState[] order =
        [
            HealthState.Open, HealthState.Failed, HealthState.Blocked, HealthState.Unknown, HealthState.Degraded, HealthState.Waiting, HealthState.Idle, HealthState.Working,
        ];
        Assert.Equal(Enum.GetValues<HealthState>().Length, order.Length);
        for (var i = 0; i < order.Length; i++)
        {
            Assert.Equal(order[i], HealthStates.Worst(order[i..].Reverse()));
        }

        var entries = order.Reverse().Select(s => new HealthEntry(HealthKind.Service, "media", $"{s}", s, "", null, null));
        Assert.Equal(order, HealthEntry.WorstFirst(entries).Select(e => e.State));
        Assert.Equal(HealthState.Working, HealthStates.Worst([]));
    }

    // Seconds since the handshake, bytes sent, what the watcher found and how long ago.
    [Theory]
    [InlineData(HealthState.Idle, null, 0, AnswerState.Idle, 60)]
    [InlineData(HealthState.Idle, null, 0, null, 0)]
    [InlineData(HealthState.Waiting, null, 148, AnswerState.Waiting, 9)]
    [InlineData(HealthState.Blocked, null, 148, AnswerState.Waiting, 10)]
    [InlineData(HealthState.Blocked, null, 148, AnswerState.Silent, 60)]
    [InlineData(HealthState.Waiting, null, 148, AnswerState.Idle, 60)]
    [InlineData(HealthState.Blocked, null, 148, null, 0)]
    [InlineData(HealthState.Working, 5, 999, AnswerState.Answering, 60)]
    [InlineData(HealthState.Working, 5, 999, null, 0)]
    [InlineData(HealthState.Working, 5, 999, AnswerState.Silent, 60)]
    [InlineData(HealthState.Blocked, 120, 999, AnswerState.Silent, 60)]
    [InlineData(HealthState.Working, 3600, 999, AnswerState.Answering, 60)]
    [InlineData(HealthState.Unknown, 3600, 999, null, 0)]
    public void A_tunnel_is_known_by_its_handshakes_and_by_what_is_not_answered(
        HealthState expected, int? handshake, ulong sent, AnswerState? found, int since)
    {
        var peer = new PeerObservation(
            "KEY=", "203.0.113.10:51820", handshake is { } age ? Now.AddSeconds(-age) : null, sent, found is { } state ? new Answers(state, Now.AddSeconds(-since)) : null);
        var condition = TunnelHealth.Judge(Tunnel with { Peers = [peer] }, Now);
        Assert.Equal(expected, condition.State);
        Assert.Equal(expected is HealthState.Blocked, condition.Reason.Contains("KEY= at 203.0.113.10:51820", StringComparison.Ordinal));
        Assert.Equal(expected is HealthState.Blocked or HealthState.Unknown, condition.Remedy is not null);
    }

    [Fact]
    public void A_peer_that_was_never_sent_anything_says_nothing_of_the_others()
    {
        var good = new PeerObservation("A", null, Now.AddSeconds(-5), 999, new Answers(AnswerState.Answering, Now));
        var idle = new PeerObservation("B", null, null, 0, new Answers(AnswerState.Idle, Now));
        var silent = new PeerObservation("C", null, null, 148, new Answers(AnswerState.Silent, Now));
        Assert.Equal(HealthState.Working, TunnelHealth.Judge(Tunnel with { Peers = [idle, good] }, Now).State);
        Assert.Equal(HealthState.Blocked, TunnelHealth.Judge(Tunnel with { Peers = [good, silent, idle] }, Now).State);
        Assert.Equal(HealthState.Idle, TunnelHealth.Judge(Tunnel with { Peers = [idle] }, Now).State);
    }

    [Theory]
    [InlineData(HealthState.Failed, "failed", true, true, true)]
    [InlineData(HealthState.Waiting, "activating", true, false, true)]
    [InlineData(HealthState.Unknown, null, true, true, true)]
    [InlineData(HealthState.Unknown, "active", null, true, true)]
    [InlineData(HealthState.Unknown, "active", true, null, true)]
    [InlineData(HealthState.Idle, "inactive", false, false, false)]
    [InlineData(HealthState.Idle, "active", true, false, false)]
    [InlineData(HealthState.Blocked, "active", true, false, true)]
    [InlineData(HealthState.Idle, "deactivating", true, true, false)]
    [InlineData(HealthState.Waiting, "deactivating", true, true, true)]
    [InlineData(HealthState.Blocked, "inactive", true, false, true)]
    [InlineData(HealthState.Idle, "inactive", true, false, false)]
    [InlineData(HealthState.Unknown, "active", true, true, true)]
    public void A_tunnel_is_known_by_its_unit_and_its_link(HealthState expected, string? active, bool? up, bool? link, bool wanted) => Assert.Equal(
        expected,
        TunnelHealth.Judge(Tunnel with { Unit = Up with { Active = active }, IsNamespaceUp = up, HasLink = link, IsWanted = wanted, Peers = null }, Now).State);

    [Theory]
    [InlineData(HealthState.Idle, false, null, null, "active")]
    [InlineData(HealthState.Unknown, null, null, AnswerState.Answering, "active")]
    [InlineData(HealthState.Waiting, true, true, AnswerState.Silent, "active")]
    [InlineData(HealthState.Waiting, true, true, AnswerState.Waiting, "active")]
    [InlineData(HealthState.Working, true, true, AnswerState.Idle, "active")]
    [InlineData(HealthState.Working, true, true, null, "inactive")]
    [InlineData(HealthState.Blocked, true, false, AnswerState.Answering, "active")]
    [InlineData(HealthState.Blocked, true, null, AnswerState.Silent, "active")]
    [InlineData(HealthState.Waiting, true, null, AnswerState.Waiting, "active")]
    [InlineData(HealthState.Working, true, null, AnswerState.Answering, "active")]
    [InlineData(HealthState.Idle, true, null, AnswerState.Idle, "active")]
    [InlineData(HealthState.Unknown, true, null, null, "active")]
    [InlineData(HealthState.Unknown, true, null, null, null)]
    [InlineData(HealthState.Idle, true, null, null, "activating")]
    [InlineData(HealthState.Degraded, true, null, null, "inactive")]
    public void A_resolver_is_known_by_its_answers(HealthState expected, bool? up, bool? asked, AnswerState? found, string? watcher) => Assert.Equal(
        expected, ResolverHealth.Judge(new ResolverObservation(["10.64.0.1"], up, asked, found is { } state ? new Answers(state, Now) : null, watcher)).State);

    [Theory]
    [InlineData(HealthState.Working, "active", "running", 300, 0)]
    [InlineData(HealthState.Working, "reloading", "reload", 300, 0)]
    [InlineData(HealthState.Waiting, "active", "running", 105, 3)]
    [InlineData(HealthState.Working, "active", "running", 111, 3)]
    [InlineData(HealthState.Waiting, "activating", "start", 101, 0)]
    [InlineData(HealthState.Idle, "deactivating", "stop-sigterm", 300, 0)]
    [InlineData(HealthState.Failed, "failed", "failed", 300, 0)]
    [InlineData(HealthState.Unknown, null, null, 300, 0)]
    [InlineData(HealthState.Unknown, "maintenance", null, 300, 0)]
    public void A_service_is_known_by_its_state(HealthState expected, string? active, string? sub, int now, int restarts) => Assert.Equal(
        expected, Judge(Service with { Active = active, Sub = sub, Restarts = restarts }, now).State);

    // How long it ran, and whether it left 'active' before its process ended (a stop) or after it.
    [Theory]
    [InlineData(HealthState.Failed, 2, false, "simple", false, false)]
    [InlineData(HealthState.Idle, 2, true, "simple", false, false)]
    [InlineData(HealthState.Idle, 11, false, "simple", false, false)]
    [InlineData(HealthState.Idle, 2, false, "oneshot", false, false)]
    [InlineData(HealthState.Idle, 2, false, "exec", true, false)]
    [InlineData(HealthState.Idle, 2, false, "exec", false, true)]
    [InlineData(HealthState.Failed, 9, false, "notify", false, false)]
    public void A_service_that_ended_at_once_by_itself_has_failed(HealthState expected, int ran, bool stopped, string type, bool remains, bool triggered)
    {
        var ended = TimeSpan.FromSeconds(100 + ran);
        var unit = Service with
        {
            Active = "inactive", Sub = "dead", Type = type, RemainsAfterExit = remains, IsTriggered = triggered,
            Ended = ended, LeftActive = ended + TimeSpan.FromMilliseconds(stopped ? -5 : 5),
        };
        Assert.Equal(expected, Judge(unit, 300).State);
    }

    [Fact]
    public void A_service_that_ends_over_and_over_has_failed()
    {
        var loops = Service with { Active = "activating", Sub = "auto-restart", Ended = TimeSpan.FromSeconds(101), Restarts = 7 };
        Assert.Equal(HealthState.Failed, Judge(loops, 101).State);
        Assert.Equal(HealthState.Waiting, Judge(loops with { Ended = TimeSpan.FromSeconds(500) }, 501).State);
    }

    [Fact]
    public void A_service_that_was_never_started_or_was_stopped_is_idle()
    {
        Assert.Equal(HealthState.Idle, Judge(Service with { Active = "inactive", Started = null }, 300).State);
        Assert.Equal(HealthState.Idle, Judge(Service with { Load = "masked", Active = "inactive" }, 300).State);
    }

    [Fact]
    public void What_a_tunnel_took_along_is_blocked() =>
        Assert.Equal(HealthState.Blocked, ServiceHealth.Judge(Seen(Service with { Active = "inactive" }) with { ReturnsWithTunnel = true }, TimeSpan.FromSeconds(300)).State);

    [Fact]
    public void A_service_outside_or_loaded_otherwise_is_open_and_one_that_cannot_be_seen_is_unknown()
    {
        var now = TimeSpan.FromSeconds(300);
        Assert.Equal(HealthState.Open, ServiceHealth.Judge(Seen(Service) with { IsOutside = true }, now).State);
        Assert.Equal(HealthState.Open, ServiceHealth.Judge(Seen(Service) with { LoadedOtherwise = "x" }, now).State);
        Assert.Equal(HealthState.Unknown, ServiceHealth.Judge(Seen(Service) with { IsOutside = null }, now).State);
        Assert.Equal(HealthState.Unknown, Judge(Service with { Load = null }, 300).State);
        Assert.Equal(HealthState.Failed, Judge(Service with { Load = "bad-setting" }, 300).State);
    }

    [Fact]
    public void A_service_that_apply_has_just_started_has_to_run_a_moment()
    {
        var seen = Seen(Service) with { MustRun = TimeSpan.FromSeconds(1) };
        Assert.Equal(HealthState.Waiting, ServiceHealth.Judge(seen, TimeSpan.FromSeconds(100.5)).State);
        Assert.Equal(HealthState.Working, ServiceHealth.Judge(seen, TimeSpan.FromSeconds(101)).State);
        var ended = seen with { Unit = Service with { Active = "inactive", Started = null } };
        Assert.Equal(HealthState.Failed, ServiceHealth.Judge(ended, TimeSpan.FromSeconds(101)).State);
        Assert.Equal(HealthState.Idle, ServiceHealth.Judge(ended with { MustRun = TimeSpan.Zero }, TimeSpan.FromSeconds(101)).State);
    }

    [Theory]
    [InlineData("scrapper.service", "scraper.service")]
    [InlineData("app.service", "app@one.service")]
    [InlineData("app@one.service", "app@two.service")]
    [InlineData("app@one.service", "app.service")]
    [InlineData("nginx.service", "ssh.service", false)]
    [InlineData("scrapper.service", "scraper.socket", false)]
    public void A_missing_service_has_failed_where_one_of_a_like_name_runs_unconfined(string missing, string running, bool isLike = true)
    {
        var seen = Seen(Service with { Load = "not-found", Active = "inactive" }) with { Name = missing, RunningUnconfined = ["dbus.service", running] };
        var condition = ServiceHealth.Judge(seen, TimeSpan.FromSeconds(300));
        Assert.Equal(isLike ? HealthState.Failed : HealthState.Idle, condition.State);
        Assert.Equal(isLike, condition.Reason.Contains(running, StringComparison.Ordinal));
        Assert.Equal(HealthState.Unknown, ServiceHealth.Judge(seen with { RunningUnconfined = null }, TimeSpan.FromSeconds(300)).State);
    }

    [Theory]
    [InlineData(HealthState.Working, "loaded", "active", true, HealthState.Working)]
    [InlineData(HealthState.Open, "loaded", "active", false, HealthState.Open)]
    [InlineData(HealthState.Unknown, "loaded", "active", null, HealthState.Unknown)]
    [InlineData(HealthState.Idle, "loaded", "inactive", true, HealthState.Failed)]
    [InlineData(HealthState.Failed, "loaded", "failed", true, HealthState.Failed)]
    [InlineData(HealthState.Waiting, "loaded", "activating", true, HealthState.Waiting)]
    [InlineData(HealthState.Idle, "not-found", "inactive", true, HealthState.Failed)]
    [InlineData(HealthState.Failed, "bad-setting", "inactive", true, HealthState.Failed)]
    [InlineData(HealthState.Unknown, null, null, true, HealthState.Unknown)]
    [InlineData(HealthState.Unknown, "loaded", null, true, HealthState.Unknown)]
    public void Sockets_are_known_by_their_state_and_place(HealthState confined, string? load, string? active, bool? place, HealthState published)
    {
        var seen = new SocketObservation { Name = "web.socket", Unit = new UnitState { Load = load, Active = active }, IsInPlace = place };
        Assert.Equal(confined, SocketHealth.Judge(seen).State);
        Assert.Equal(published, SocketHealth.JudgePublished(seen).State);
    }

    [Fact]
    public void A_namespace_is_as_bad_as_the_worst_that_is_wrong_with_it()
    {
        Assert.Equal(HealthState.Working, NamespaceHealth.Judge(true, Up, []).State);
        Assert.Equal(HealthState.Idle, NamespaceHealth.Judge(false, Up with { Active = "inactive" }, []).State);
        Assert.Equal(HealthState.Unknown, NamespaceHealth.Judge(null, Up, []).State);
        Assert.Equal(HealthState.Unknown, NamespaceHealth.Judge(true, Up with { Active = null }, []).State);
        Assert.Equal(HealthState.Waiting, NamespaceHealth.Judge(false, Up with { Active = "activating" }, []).State);
        var worst = NamespaceHealth.Judge(true, Up, [new(HealthState.Degraded, "a"), new(HealthState.Open, "b"), new(HealthState.Unknown, "c")]);
        Assert.Equal((HealthState.Open, "b"), (worst.State, worst.Reason));
    }

    private static ServiceObservation Seen(UnitState unit) => new() { Name = "app.service", Unit = unit, IsOutside = false };

    private static Condition Judge(UnitState unit, int now) => ServiceHealth.Judge(Seen(unit), TimeSpan.FromSeconds(now));
}
