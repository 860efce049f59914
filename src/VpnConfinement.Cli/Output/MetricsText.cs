using VpnConfinement.Health;
using VpnConfinement.Linux.Status;
using VpnConfinement.Text;

namespace VpnConfinement.Cli.Output;

/// <summary>
/// What <c>metrics</c> prints, documented in docs/metrics.md. Where nothing is known there is no sample.
/// </summary>
internal static class MetricsText
{
    private const string Prefix = "vpn_confinement_";
    private const string RefusedPrefix = "refused_";

    /// <summary>All families, from what <c>status</c> saw.</summary>
    internal static string Write(HostStatus status, string version)
    {
        var text = new ExpositionWriter();
        text.Gauge(Prefix + "info", "The program, by its version; always 1.", [new(1, ("version", version))]);
        text.Gauge(
            Prefix + "state",
            "Whether a part is in a state: 1 for its state, 0 for the others. The kinds are host, namespace, tunnel, "
            + "resolver, service, socket and published.",
            States(status.Health));
        text.Gauge(
            Prefix + "rollback_timestamp_seconds",
            "When a change goes back that is not confirmed, in seconds since 1970.",
            status.Unconfirmed is { } change ? [new(Seconds(change.Until), ("generation", $"{change.BackTo}"))] : []);
        Namespaces(text, status.Namespaces);
        Peers(text, status.Namespaces);
        Units(text, status.Namespaces);
        return text.Text;
    }

    // Several things may be wrong with one part; it has the worst of them.
    private static IEnumerable<ExpositionSample> States(IEnumerable<HealthEntry> health) =>
        from part in health.GroupBy(e => (e.Kind, e.Namespace, e.Name))
        let worst = HealthStates.Worst(part.Select(e => e.State))
        from state in Enum.GetValues<HealthState>()
        select new ExpositionSample(
            state == worst ? 1 : 0,
            ("kind", Word(part.Key.Kind)), ("namespace", part.Key.Namespace ?? ""), ("name", part.Key.Name),
            ("state", HealthStates.Word(state)));

    private static void Namespaces(ExpositionWriter text, IReadOnlyList<NamespaceStatus> namespaces)
    {
        text.Gauge(
            Prefix + "namespace_up",
            "Whether the network namespace is there; 0 is normal while no service needs it.",
            namespaces.Select(n => new ExpositionSample(n.Up ? 1 : 0, Of(n))));
        text.Gauge(
            Prefix + "ruleset_intact",
            "Whether the ruleset in the kernel is the one that was loaded.",
            from n in namespaces where n.RulesetIntact is not null
                select new ExpositionSample(n.RulesetIntact == true ? 1 : 0, Of(n)));
        text.Gauge(
            Prefix + "watcher_running",
            "Whether the watcher of a namespace that is up runs.",
            from n in namespaces where n.Up select new ExpositionSample(n.Watcher is null ? 0 : 1, Of(n)));
        text.Gauge(
            Prefix + "drifted_parts",
            "Parts of the namespace that differ from what was applied.",
            from n in namespaces where n.IsDriftKnown select new ExpositionSample(n.Drift.Count, Of(n)));
        text.Counter(
            Prefix + "refused_packets_total",
            "Packets that the ruleset refused since it was loaded, by reason.",
            from n in namespaces
            from counter in n.RefusedPackets.OrderBy(c => c.Key, StringComparer.Ordinal)
            select new ExpositionSample(counter.Value, Of(n), ("reason", counter.Key[RefusedPrefix.Length..])));
    }

    private static void Peers(ExpositionWriter text, IReadOnlyList<NamespaceStatus> namespaces)
    {
        var peers = (from n in namespaces
                     where n.Tunnel is not null
                     from peer in n.Tunnel!.Peers
                     select (
                         Peer: peer,
                         Labels: ((string, string)[])[
                             Of(n), ("interface", n.Tunnel!.Interface), ("public_key", peer.PublicKey)])).ToList();
        text.Gauge(
            Prefix + "peer_latest_handshake_timestamp_seconds",
            "When the latest handshake with a peer was, in seconds since 1970; none before the first.",
            from p in peers where p.Peer.LatestHandshake is not null
                select new ExpositionSample(Seconds(p.Peer.LatestHandshake!.Value), p.Labels));
        text.Counter(
            Prefix + "peer_received_bytes_total",
            "Bytes received from a peer since the tunnel was made.",
            peers.Select(p => new ExpositionSample(p.Peer.ReceivedBytes, p.Labels)));
        text.Counter(
            Prefix + "peer_sent_bytes_total",
            "Bytes sent to a peer since the tunnel was made.",
            peers.Select(p => new ExpositionSample(p.Peer.SentBytes, p.Labels)));
    }

    private static void Units(ExpositionWriter text, IReadOnlyList<NamespaceStatus> namespaces)
    {
        text.Gauge(
            Prefix + "service_processes",
            "Processes of a confined service.",
            from n in namespaces
            from s in n.Services
            where s.Verdict is not Verdict.Unknown
            select new ExpositionSample(s.Processes.Count, Of(n), ("service", s.Unit)));
        text.Gauge(
            Prefix + "published_port_listening",
            "Whether the host listens for a published port.",
            from n in namespaces
            from p in n.Published
            from listen in p.Listens
            where p.State is "active" or "inactive" or "failed"
            select new ExpositionSample(
                p.State is "active" ? 1 : 0, Of(n), ("socket", p.Unit), ("listen", listen.Split(" (")[0])));
    }

    private static (string, string) Of(NamespaceStatus ns) => ("namespace", ns.Name);

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    private static string Word(HealthKind kind) => kind switch
    {
        HealthKind.Host => "host",
        HealthKind.Namespace => "namespace",
        HealthKind.Tunnel => "tunnel",
        HealthKind.Resolver => "resolver",
        HealthKind.Service => "service",
        HealthKind.Socket => "socket",
        HealthKind.Published => "published",
        _ => throw new InvalidOperationException("a kind of part that is unknown"),
    };
}
