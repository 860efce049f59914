using System.Globalization;

namespace VpnConfinement.Health;

/// <summary>The state of a tunnel.</summary>
public static class TunnelHealth
{
    /// <summary>REJECT_AFTER_TIME (drivers/net/wireguard/messages.h): an older session is not used any more.</summary>
    public static readonly TimeSpan SessionLife = TimeSpan.FromSeconds(180);

    /// <summary>
    /// Whether it is stopped, or just being stopped, and no confined unit is up that would need it. Not knowing is no.
    /// </summary>
    /// <param name="tunnel">What systemd says of its unit.</param>
    /// <param name="confined">The states of the confined units: <c>ActiveState</c>, or why a unit is not loaded.</param>
    public static bool IsUnneeded(UnitState tunnel, IEnumerable<string> confined) =>
        tunnel.Active is "inactive" or "deactivating"
        && confined.All(state => state is "inactive" or "failed" or "not-found");

    /// <summary>Judges.</summary>
    public static Condition Judge(TunnelObservation tunnel, DateTimeOffset now)
    {
        var (name, unit) = (tunnel.UnitName, tunnel.Unit);
        switch (unit.Active)
        {
            case "failed":
                return new Condition(HealthState.Failed, $"{name} failed, and everything behind it is down", unit.Since, $"journalctl -u {name}; then systemctl start {name}");
            case "deactivating" when !tunnel.IsWanted:
                return new Condition(HealthState.Idle, "it is going down, since nobody needs it", unit.Since);
            case "activating" or "deactivating" or "reloading":
                return new Condition(HealthState.Waiting, $"{name} is {unit.Active}", unit.Since);
            case null or "":
                return new Condition(HealthState.Unknown, $"systemd does not say what {name} does", null, $"systemctl status {name}");
            default:
                break;
        }

        return (tunnel.IsNamespaceUp, tunnel.HasLink) switch
        {
            (null, _) or (true, null) => new Condition(HealthState.Unknown, "whether it is there could not be told", null, "vpn-confinement status"),
            (false, _) => new Condition(HealthState.Idle, "it comes up with the first service", unit.Since),
            (true, false) when tunnel.IsWanted => new Condition(HealthState.Blocked, "there is no tunnel, and nothing leaves", unit.Since, $"systemctl restart {name}"),
            (true, false) => new Condition(HealthState.Idle, "it is not there, and nobody needs it", unit.Since),
            (true, true) => OfPeers(tunnel, now),
        };
    }

    private static Condition OfPeers(TunnelObservation tunnel, DateTimeOffset now)
    {
        if (tunnel.Peers is not { } peers)
        {
            return new Condition(HealthState.Unknown, "its device could not be read", null, $"systemctl status {tunnel.UnitName}");
        }

        var conditions = peers.Select(p => OfPeer(p, tunnel, now)).ToList();

        // One that was never sent anything says nothing of the others.
        return conditions.Where(c => c.State is not HealthState.Idle).OrderByDescending(c => c.State).FirstOrDefault()
            ?? conditions.FirstOrDefault()
            ?? new Condition(HealthState.Blocked, "it has no peer", null, "vpn-confinement status");
    }

    private static Condition OfPeer(PeerObservation peer, TunnelObservation tunnel, DateTimeOffset now)
    {
        if (peer.LatestHandshake is not { } handshake)
        {
            return WithoutHandshake(peer, tunnel, now);
        }

        if (peer.Answers is { State: AnswerState.Silent } silent && handshake <= silent.Since)
        {
            return Silent(peer, silent.Since);
        }

        if (now - handshake < SessionLife)
        {
            return new Condition(HealthState.Working, $"latest handshake {Ago(now - handshake)}", handshake);
        }

        return peer.Answers is null
            ? new Condition(HealthState.Unknown, $"latest handshake {Ago(now - handshake)}, and no watcher says whether anything was sent since", handshake, "vpn-confinement apply")
            : new Condition(HealthState.Working, $"latest handshake {Ago(now - handshake)}, and nothing was sent since that is not answered", handshake);
    }

    private static Condition WithoutHandshake(PeerObservation peer, TunnelObservation tunnel, DateTimeOffset now)
    {
        if (peer.SentBytes == 0)
        {
            return new Condition(HealthState.Idle, "no handshake yet, and nothing was sent", tunnel.Unit.Since);
        }

        // Without a watcher's word for it, the oldest that it can be.
        var since = peer.Answers is { State: AnswerState.Waiting or AnswerState.Silent } answers ? answers.Since
            : peer.Answers is null ? tunnel.Unit.Since : now;
        return since is not { } begun ? new Condition(HealthState.Unknown, "no handshake yet, and since when it is waited for is not known", null, $"systemctl status {tunnel.UnitName}")
            : peer.Answers is { State: AnswerState.Silent } || now - begun >= AnswerJudge.FirstBound ? Silent(peer, begun)
            : new Condition(HealthState.Waiting, "no handshake yet", begun);
    }

    private static Condition Silent(PeerObservation peer, DateTimeOffset since)
    {
        var where = peer.Endpoint is null ? ", whose endpoint is not known," : $" at {peer.Endpoint}";
        return new Condition(
            HealthState.Blocked,
            peer.LatestHandshake is null
                ? $"no handshake: the peer {peer.PublicKey}{where} does not answer"
                : $"no answer from the peer {peer.PublicKey}{where} to what was sent since {since.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}",
            since,
            "compare endpoint, port and keys with your provider's file, and try another server of it; nothing leaves meanwhile");
    }

    private static string Ago(TimeSpan age)
    {
        var seconds = Math.Max(0, (long)age.TotalSeconds);
        var (number, unit) = seconds < 120 ? (seconds, "s") : seconds < 7200 ? (seconds / 60, "min") : (seconds / 3600, "h");
        return string.Create(CultureInfo.InvariantCulture, $"{number} {unit} ago");
    }
}
