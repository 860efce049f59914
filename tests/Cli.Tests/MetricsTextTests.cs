using VpnConfinement.Cli.Output;
using VpnConfinement.Drift;
using VpnConfinement.Health;
using VpnConfinement.Linux.Status;
using VpnConfinement.State;

namespace VpnConfinement.Cli.Tests;

public sealed class MetricsTextTests
{
    private const string Peer = "{namespace=\"media\",interface=\"wg0\",";

    private static readonly DateTimeOffset Handshake = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_250);

    [Fact]
    public void All_that_is_known_has_a_sample()
    {
        var text = MetricsText.Write(Status(Up), "1.2.3");
        Assert.StartsWith(
            """
            # HELP vpn_confinement_info The program, by its version; always 1.
            # TYPE vpn_confinement_info gauge
            vpn_confinement_info{version="1.2.3"} 1
            # HELP vpn_confinement_state 
            """,
            text,
            StringComparison.Ordinal);
        Assert.All(
            (string[])[
                "vpn_confinement_state{kind=\"service\",namespace=\"media\",name=\"app.service\",state=\"working\"} 0",
                "vpn_confinement_state{kind=\"service\",namespace=\"media\",name=\"app.service\",state=\"open\"} 1",
                "vpn_confinement_state{kind=\"host\",namespace=\"\",name=\"configuration\",state=\"working\"} 1",
                "vpn_confinement_rollback_timestamp_seconds{generation=\"3\"} 1700000000.25",
                "vpn_confinement_namespace_up{namespace=\"media\"} 1",
                "vpn_confinement_ruleset_intact{namespace=\"media\"} 0",
                "vpn_confinement_watcher_running{namespace=\"media\"} 1",
                "vpn_confinement_drifted_parts{namespace=\"media\"} 1",
                "vpn_confinement_refused_packets_total{namespace=\"media\",reason=\"dns\"} 7",
                "vpn_confinement_refused_packets_total{namespace=\"media\",reason=\"host_link\"} 0",
                $"vpn_confinement_peer_latest_handshake_timestamp_seconds{Peer}public_key=\"k1=\"}} 1700000000.25",
                "vpn_confinement_peer_received_bytes_total{namespace=\"media\",interface=\"wg0\",public_key=\"k1=\"} "
                    + "123456789012",
                "vpn_confinement_peer_sent_bytes_total{namespace=\"media\",interface=\"wg0\",public_key=\"k2=\"} 0",
                "vpn_confinement_service_processes{namespace=\"media\",service=\"app.service\"} 2",
                "vpn_confinement_published_port_listening"
                + "{namespace=\"media\",socket=\"p.socket\",listen=\"127.0.0.1:8080\"} 1",
            ],
            line => Assert.Contains($"\n{line}\n", text, StringComparison.Ordinal));
        Assert.DoesNotContain(
            "handshake_timestamp_seconds{namespace=\"media\",interface=\"wg0\",public_key=\"k2=\"", text,
            StringComparison.Ordinal);
    }

    /// <summary>Unknown is no 0: no sample, or the state 'unknown'.</summary>
    [Fact]
    public void Where_nothing_is_known_there_is_no_sample()
    {
        var unknown = Up with
        {
            RulesetIntact = null,
            Tunnel = null,
            RefusedPackets = new Dictionary<string, ulong>(),
            Drift = [],
            IsDriftKnown = false,
            Services = [Service with { Verdict = Verdict.Unknown, Processes = [] }],
            Published = [Socket with { State = "unknown" }],
        };
        var text = MetricsText.Write(Status(unknown), "1.2.3");
        Assert.All(
            (string[])[
                "ruleset_intact", "drifted_parts", "refused_packets", "peer_", "service_processes", "published_port"],
            name => Assert.DoesNotContain($"vpn_confinement_{name}", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_applied() => Assert.Equal(
        3,
        MetricsText.Write(new HostStatus { Health = [], Namespaces = [], Problems = [], Unconfirmed = null }, "1")
        .Count(c => c == '\n'));

    /// <summary>Two samples of one name and the same labels are refused by Prometheus.</summary>
    [Fact]
    public void No_sample_is_there_twice()
    {
        var status = Status(Up);
        HealthEntry[] twice = [
            new(HealthKind.Host, null, "host", HealthState.Degraded, "one", null, null),
            new(HealthKind.Host, null, "host", HealthState.Unknown, "two", null, null)];
        var lines = MetricsText.Write(status with { Health = [.. status.Health, .. twice] }, "1").Split('\n')
            .Where(l => !l.StartsWith('#')).Select(l => l.Split("} ")[0]).ToList();
        Assert.Equal(lines.Distinct(), lines);
    }

    private static DriftEntry Drifted { get; } = new(DriftKind.Namespace, "media", "the host's end is down");

    /// <summary>What is for the metrics alone is not in the documented JSON, nor in its way.</summary>
    [Fact]
    public void The_json_of_status_is_what_it_was()
    {
        using var json = System.Text.Json.JsonDocument.Parse(StatusJson.Write(Status(Up)));
        var ns = json.RootElement.GetProperty("namespaces")[0];
        Assert.False(ns.TryGetProperty("isDriftKnown", out _));
        Assert.Equal(
            ["interface", "latestHandshake", "receivedBytes", "sentBytes"],
            ns.GetProperty("tunnel").EnumerateObject().Select(p => p.Name));
    }

    private static ServiceStatus Service { get; } = new()
    {
        Unit = "app.service",
        State = "active",
        Frozen = false,
        OutlivesTunnel = false,
        Verdict = Verdict.Bad,
        BindRestricted = null,
        Processes = [new(1, 2), new(3, null)],
    };

    private static SocketStatus Socket { get; } =
        new() { Unit = "p.socket", State = "active", Verdict = Verdict.Ok, Listens = ["127.0.0.1:8080 (Stream)"] };

    private static NamespaceStatus Up { get; } = new()
    {
        Name = "media",
        Health = [new(HealthKind.Service, "media", "app.service", HealthState.Open, "it is outside", null, null)],
        Up = true,
        Watcher = "",
        NetnsInode = 2,
        RulesetIntact = false,
        Tunnel = new TunnelStatus
        {
            Interface = "wg0",
            LatestHandshake = Handshake,
            ReceivedBytes = 123456789012,
            SentBytes = 0,
            Peers = [new("k1=", Handshake, 123456789012, 5), new("k2=", null, 0, 0)],
        },
        RefusedPackets = new Dictionary<string, ulong> { ["refused_host_link"] = 0, ["refused_dns"] = 7 },
        Services = [Service],
        Sockets = [],
        Published = [Socket],
        Drift = [Drifted],
        IsDriftKnown = true,
        Problems = [],
    };

    private static HostStatus Status(NamespaceStatus ns) => new()
    {
        Health = [
            .. ns.Health,
            new(HealthKind.Host, null, "configuration", HealthState.Working, "it is what was applied", null, null)],
        Namespaces = [ns],
        Problems = [],
        Unconfirmed = new PendingChange(3, 120, Handshake, AllowUnconfine: false),
    };
}
