using VpnConfinement.Doctor;
using VpnConfinement.Drift;
using VpnConfinement.Health;
using VpnConfinement.Validation;
using static VpnConfinement.Core.Tests.Doctor.DoctorCases;

namespace VpnConfinement.Core.Tests.Doctor;

public sealed class DoctorRulesTests
{
    public static TheoryData<string> Facts => [.. Unseen.Keys];

    // One fact each that could not be seen.
    private static Dictionary<string, DoctorFacts> Unseen => new(StringComparer.Ordinal)
    {
        ["systemd"] = Clean with { Systemd = Unknown<SystemdFact?>() },
        ["groups"] = Clean with { HasUnifiedGroups = Unknown<bool>() },
        ["kernel"] = Clean with { HasKernelWireGuard = Unknown<bool>() },
        ["userspace"] = Clean with { UserspaceWireGuard = Unknown<string?>() },
        ["nftables"] = Clean with { Nftables = Unknown<string?>() },
        ["inotify"] = Clean with { Inotify = Unknown<InotifyUse>() },
        ["clock"] = Clean with { Clock = Unknown<ClockReading>() },
        ["running"] = Clean with { Running = Unknown<IReadOnlyCollection<string>>() },
        ["wg-quick"] = Clean with { WgQuick = Unknown<IReadOnlyList<string>>() },
        ["network files"] = Clean with { NetworkFiles = Unknown<IReadOnlyList<NetworkFile>>() },
        ["tunnels"] = Clean with { ForeignTunnels = Unknown<IReadOnlyList<ForeignTunnel>>() },
        ["chains"] = Clean with { DroppingChains = Unknown<IReadOnlyList<string>>() },
        ["namespaces"] = Clean with { Namespaces = Unknown<IReadOnlyList<NamespaceFacts>>() },
        ["health"] = Clean with { Health = Unknown<IReadOnlyList<HealthEntry>>() },
        ["tunnel"] = Clean with
        {
            Namespaces = Known<IReadOnlyList<NamespaceFacts>>([new("media", null, Unknown<TunnelFacts?>())]),
        },
        ["route"] = WithPeer(Peer with { Route = Unknown<EndpointRoute>() }),
        ["room"] = WithRoom(Unknown<TunnelRoom?>()),
        ["unproven"] = Clean with { Nftables = new Observation<string?>.Unproven("it is not proven") },
    };

    [Theory]
    [MemberData(nameof(Facts))]
    public void What_could_not_be_seen_is_never_fine(string fact)
    {
        var document = DoctorDocument.Of(Unseen[fact], "1");
        var finding = Assert.Single(document.Findings);
        Assert.Equal(("cannot-tell", DoctorSeverity.Unknown), (finding.Code, finding.Severity));
        Assert.Equal(5, document.ExitStatus);
    }

    [Theory]
    [InlineData("ruleset-flushed", 0)]
    [InlineData("endpoint-over-tunnel", 0)]
    [InlineData("mtu-too-large", 4)]
    [InlineData("no-answer", 4)]
    [InlineData("cannot-tell", 5)]
    public void The_worst_finding_decides_the_exit_status(string code, int status) =>
        Assert.Equal(status, DoctorDocument.Of(ByCode[code], "1").ExitStatus);

    [Fact]
    public void What_is_not_known_counts_more_than_a_warning_and_less_than_an_error()
    {
        var warned = ByCode["mtu-too-large"] with { Inotify = Unknown<InotifyUse>() };
        Assert.Equal(5, DoctorDocument.Of(warned, "1").ExitStatus);
        var failed = Silent with { Inotify = Unknown<InotifyUse>() };
        Assert.Equal(4, DoctorDocument.Of(failed, "1").ExitStatus);
        Assert.Equal(["no-answer", "cannot-tell"], Examination.Judge(failed).Select(f => f.Code));
    }

    [Fact]
    public void No_cause_of_no_answer_is_told_as_certain()
    {
        var message = Assert.Single(Examination.Judge(Silent)).Message;
        Assert.Contains(
            "It may be that: 1. the server, or its UDP port, is not reached (this host drops", message,
            StringComparison.Ordinal);
        Assert.Contains("2. the server does not know this tunnel's key", message, StringComparison.Ordinal);
        Assert.Contains("3. this host's clock", message, StringComparison.Ordinal);
        Assert.EndsWith("cannot be told from here.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_is_known_to_be_behind_comes_first_among_the_causes()
    {
        var facts = Silent with { Clock = ByCode["clock-behind"].Clock };
        var message = Examination.Judge(facts).Single(f => f.Code == "no-answer").Message;
        Assert.Contains("1. this host's clock", message, StringComparison.Ordinal);
    }

    // Nothing was sent; an answer came; status does not call it blocked; there is no way at all.
    [Fact]
    public void No_answer_needs_packets_that_went_out_and_a_tunnel_that_is_blocked()
    {
        var silent = Peer with { LatestHandshake = null };
        DoctorFacts[] others =
        [
            WithPeer(silent with { SentBytes = 0 }),
            WithPeer(Peer) with { Health = Silent.Health },
            WithPeer(silent),
            WithPeer(silent with { Endpoint = null, Route = null }) with { Health = Silent.Health },
        ];
        Assert.All(others, o => Assert.DoesNotContain(Examination.Judge(o), f => f.Code == "no-answer"));
        Assert.Contains(
            Examination.Judge(
                WithPeer(Peer with { LatestHandshake = Now.AddHours(-1) }) with { Health = Silent.Health }),
            f => f.Code == "no-answer");
        var lost = WithPeer(silent with { Route = Known<EndpointRoute>(new EndpointRoute.None()) }) with
        {
            Health = Silent.Health,
        };
        Assert.Equal(["no-route-to-endpoint"], Examination.Judge(lost).Select(f => f.Code));
    }

    [Theory]
    [InlineData(1480, false)]
    [InlineData(1479, true)]
    public void The_overhead_is_that_of_the_endpoints_family(int way, bool isTooLarge) => Assert.Equal(
        isTooLarge,
        Examination.Judge(WithPeer(Peer with { Route = Known<EndpointRoute>(new EndpointRoute.Over("eth0", "", way)) }))
            .Any(f => f.Code == "mtu-too-large"));

    [Fact]
    public void A_measured_mtu_counts_more_than_the_route_and_is_told_once()
    {
        var peer = Peer with { Route = Known<EndpointRoute>(new EndpointRoute.Over("ppp0", "ppp", 1412)) };
        var room = Known<TunnelRoom?>(new TunnelRoom(Echo, 1328, 1344));
        var finding = Assert.Single(Examination.Judge(WithRoom(room, peer)));
        Assert.Equal(("mtu-too-large", DoctorSeverity.Warning), (finding.Code, finding.Severity));
        Assert.Contains("of up to 1328 bytes were answered. Those of 1344", finding.Message, StringComparison.Ordinal);
        Assert.Contains("It is likely that", finding.Message, StringComparison.Ordinal);
        Assert.Contains("wireguard.interfaces.wg0.mtu = 1328,", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tunnel_in_which_nothing_answers_is_judged_by_its_route_and_said_to_be()
    {
        var document = DoctorDocument.Of(WithRoom(Known<TunnelRoom?>(null)), "1");
        Assert.Empty(document.Findings);
        Assert.Contains(new FactLine("MTU of tunnels", "measured for 0 of 1 that are up", null), document.Facts);
    }

    [Fact]
    public void Two_namespaces_with_one_key_are_told_once() => Assert.Single(
        Examination.Judge(Clean with
        {
            Namespaces = Known<IReadOnlyList<NamespaceFacts>>([Media(Peer), Media(Peer, "other")]),
        }),
        f => f.Code == "key-used-twice");

    [Theory]
    [InlineData("[Match]\nName=*", true)]
    [InlineData("[Match]\nType=ether", true)]
    [InlineData("[Match]\nKind=veth\n[Network]\nDHCP=yes", true)]
    [InlineData("# all\n[Match]\nVirtualization=!container\nName=v?-*", true)]
    [InlineData("[Match]\nName=!vh-*", false)]
    [InlineData("[Match]\nKind=!*", false)]
    [InlineData("[Match]\nName=en* eth*", false)]
    [InlineData("[Match]\nMACAddress=00:11:22:33:44:55", false)]
    [InlineData("[Match]\nType=ether\nMACAddress=00:11:22:33:44:55", false)]
    [InlineData("[Network]\nDHCP=yes", false)]
    [InlineData("[Match]\nName=*\n[Link]\nUnmanaged=yes", false)]
    [InlineData("", false)]
    public void A_file_that_fits_the_host_link_and_comes_first_takes_it(string text, bool takes)
    {
        var own = new NetworkFile(
            "/etc/systemd/network/05-vpn-confinement.network", "[Match]\nName=vh-a vpnc*\n[Link]\nUnmanaged=yes\n");
        bool Taken(params NetworkFile[] files) =>
            Examination.Judge(Clean with { NetworkFiles = Known<IReadOnlyList<NetworkFile>>(files) })
                .Any(f => f.Code == "networkd-takes-link");
        Assert.Equal(takes, Taken(own, new NetworkFile("/usr/lib/systemd/network/00-x.network", text)));
        Assert.False(Taken(own, new NetworkFile("/usr/lib/systemd/network/10-x.network", text)));
        Assert.Equal(takes, Taken(new NetworkFile("/usr/lib/systemd/network/10-x.network", text)));
    }

    [Fact]
    public void A_networkd_that_does_not_run_takes_nothing() => Assert.Empty(
        Examination.Judge(ByCode["networkd-takes-link"] with { Running = Known<IReadOnlyCollection<string>>([]) }));

    [Theory]
    [InlineData(HealthState.Degraded, DoctorSeverity.Warning)]
    [InlineData(HealthState.Waiting, DoctorSeverity.Unknown)]
    [InlineData(HealthState.Unknown, DoctorSeverity.Unknown)]
    [InlineData(HealthState.Open, DoctorSeverity.Error)]
    public void What_status_finds_wrong_is_never_left_out(HealthState state, DoctorSeverity severity) => Assert.Equal(
        severity, Assert.Single(Examination.Judge(WithHealth(Entry(HealthKind.Namespace, "media", state)))).Severity);

    [Fact]
    public void A_host_on_which_nothing_was_applied_and_nothing_is_configured_is_fine()
    {
        var bare = Clean with
        {
            Namespaces = Known<IReadOnlyList<NamespaceFacts>>([]),
            Health = Known<IReadOnlyList<HealthEntry>>([]),
            Checked = null,
            ConfigurationFiles = [],
        };
        Assert.Equal(0, DoctorDocument.Of(bare, "1").ExitStatus);
    }

    [Fact]
    public void The_json_has_what_is_documented()
    {
        using var json = System.Text.Json.JsonDocument.Parse(DoctorJson.Write(DoctorDocument.Of(Silent, "1.2.3")));
        Assert.Equal(
            ["program", "exitStatus", "facts", "findings", "version"],
            json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal("1.2.3", json.RootElement.GetProperty("program").GetString());
        Assert.Equal(1, json.RootElement.GetProperty("version").GetInt32());
        Assert.Equal(
            ["code", "severity", "namespace", "message", "remedy"],
            json.RootElement.GetProperty("findings")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("error", json.RootElement.GetProperty("findings")[0].GetProperty("severity").GetString());
        Assert.Equal(
            ["name", "value", "reason"],
            json.RootElement.GetProperty("facts")[0].EnumerateObject().Select(p => p.Name));
    }
}
