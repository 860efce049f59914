using VpnConfinement.Drift;
using VpnConfinement.Health;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// Looks at the peers of the tunnel from time to time: WireGuard tells nobody when they are changed (no multicast group in linux/wireguard.h), and
/// only their counters say whether somebody answers.
/// </summary>
/// <param name="plan">The plan of the namespace.</param>
/// <param name="journal">Takes what changed.</param>
/// <param name="line">Takes how many do not answer.</param>
internal sealed class PeerWatch(NamespacePlan plan, Journal journal, StatusLine line) : IDisposable
{
    private readonly Dictionary<string, PeerHealthJudge> _judges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PeerHealth> _health = new(StringComparer.Ordinal);
    private IWireGuard? _device;
    private string? _publicKey;

    /// <summary>Whether the device got another private key while it was looked at: then that is held against its file, until <see cref="Settle"/>.</summary>
    internal bool IsRekeyed { get; private set; }

    /// <summary>Takes the key that the device has by now for the right one.</summary>
    internal void Settle() => IsRekeyed = false;

    /// <summary>Forgets the device: it may be another one now.</summary>
    internal void Reopen()
    {
        _device?.Dispose();
        _device = null;
    }

    /// <summary>Looks.</summary>
    /// <returns>Whether the device is as planned, and no other key was set; true where there is no tunnel.</returns>
    internal bool Look(WatchedNetns netns)
    {
        try
        {
            if (_device is null)
            {
                if (WireGuardRecord.Load(plan.Namespace) is not { } record)
                {
                    Judge([]);
                    return true;
                }

                _device = WireGuardStatus.Open(netns.Handle, record);
            }

            using var now = _device.Read();
            Judge(now.Peers);
            var publicKey = WireGuardDevice.PublicKeyOf(now);
            IsRekeyed |= _publicKey is not null && publicKey != _publicKey;
            _publicKey = publicKey;
            return !IsRekeyed && !TunnelComparison.OfDevice(plan.WireGuard, TunnelLook.StateOf(now)).Any();
        }
        catch (SystemFailure)
        {
            // Gone, or another one by now: a whole look tells.
            Reopen();
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Reopen();

    private void Judge(IReadOnlyList<WireGuardPeer> peers)
    {
        foreach (var gone in _health.Keys.Except(peers.Select(p => p.PublicKey)).ToList())
        {
            _judges.Remove(gone);
            _health.Remove(gone);
        }

        foreach (var peer in peers)
        {
            if (!_judges.TryGetValue(peer.PublicKey, out var judge))
            {
                _judges[peer.PublicKey] = judge = new PeerHealthJudge();
                _health[peer.PublicKey] = PeerHealth.Idle;
            }

            var health = judge.Look(
                TimeSpan.FromMilliseconds(Environment.TickCount64), DateTimeOffset.UtcNow - peer.LatestHandshake, peer.ReceivedBytes, peer.SentBytes);
            if (health != _health[peer.PublicKey])
            {
                _health[peer.PublicKey] = health;
                Tell(peer, health);
            }
        }

        var silent = _health.Values.Count(h => h is PeerHealth.Silent);
        line.Peers(silent == 0 ? null : $"no answer from {silent} of {_health.Count} peers, and what is sent to them is lost "
            + $"('journalctl VPNC_NAMESPACE={plan.Namespace}' says since when)");
    }

    private void Tell(WireGuardPeer peer, PeerHealth health)
    {
        switch (health)
        {
            case PeerHealth.Answering:
                journal.Write(Journal.Info, "peer-answers", $"the peer {peer.PublicKey} answers");
                break;
            case PeerHealth.Silent:
                journal.Write(Journal.Warning, "peer-silent", $"no answer from the peer {peer.PublicKey}{(peer.Endpoint is null ? ", whose endpoint is not known" : $" at {peer.Endpoint}")}: {LastHandshake(peer)}; everything that is sent to it is lost");
                break;
            case PeerHealth.Idle:
                break;
            default:
                throw new InvalidOperationException("a health of an unknown kind");
        }
    }

    private static string LastHandshake(WireGuardPeer peer) =>
        peer.LatestHandshake is { } time ? $"the last handshake was at {time.UtcDateTime:u}" : "there was no handshake yet";
}
