using VpnConfinement.Compile.Nftables;
using VpnConfinement.Health;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using WireGuardPeer = VpnConfinement.Linux.Netlink.WireGuard.WireGuardPeer;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// Judges by counters, over time, whether peers and resolvers answer, and writes down what it finds for whoever looks once. It sends nothing.
/// </summary>
/// <param name="plan">The plan of the namespace.</param>
/// <param name="journal">Takes what changed.</param>
/// <param name="line">Takes who does not answer.</param>
internal sealed class TrafficWatch(NamespacePlan plan, Journal journal, StatusLine line) : IDisposable
{
    private const int Retry = 60_000;

    private readonly Dictionary<PublicKey, PeerHealthJudge> _peers = [];
    private readonly Dictionary<PublicKey, AnswerState> _told = [];
    private readonly AnswerJudge _resolver = new();
    private readonly IReadOnlyList<System.Net.IPAddress> _servers = Resolvers.Of(plan);
    private AnswerState _toldOfResolver = AnswerState.Idle;
    private TrafficTable? _table;
    private WatchedNetns? _counted;
    private long _nextTry;
    private string? _written;
    private bool _isUnwritten;

    /// <summary>Judges by one more look at the peers; where there is no tunnel there are none.</summary>
    internal void Look(WatchedNetns netns, IReadOnlyList<WireGuardPeer> peers)
    {
        var now = TimeSpan.FromMilliseconds(Environment.TickCount64);
        var counters = peers.Count == 0 ? null : Counters(netns);
        var data = counters?.GetValueOrDefault(TrafficRuleset.Sent);
        foreach (var gone in _peers.Keys.Except(peers.Select(p => p.PublicKey)).ToList())
        {
            _peers.Remove(gone);
            _told.Remove(gone);
        }

        foreach (var peer in peers)
        {
            if (!_peers.TryGetValue(peer.PublicKey, out var judge))
            {
                _peers[peer.PublicKey] = judge = new PeerHealthJudge();
            }

            var state = judge.Look(now, peer.LatestHandshake is not null, peer.ReceivedBytes, peer.SentBytes, data, peers.Count == 1);
            if (state != _told.GetValueOrDefault(peer.PublicKey))
            {
                _told[peer.PublicKey] = state;
                Tell(peer, state);
            }
        }

        if (counters is not null && _servers.Count > 0)
        {
            TellOfResolver(_resolver.Look(now, counters.GetValueOrDefault(TrafficRuleset.Asked), counters.GetValueOrDefault(TrafficRuleset.Answered)));
        }

        var silent = _peers.Values.Count(h => h.State is AnswerState.Silent);
        line.Peers(silent == 0 ? null : $"no answer from {silent} of {_peers.Count} peers, and what is sent to them is lost "
            + $"('journalctl VPNC_NAMESPACE={plan.Namespace}' says since when)");
        line.Resolver(OfResolver(isUncounted: peers.Count > 0 && counters is null));
        Write(netns.Identity, now, isCounted: counters is not null);
    }

    /// <summary>Deletes what was written down: it says nothing any more.</summary>
    internal void Forget() => Kernel.TryUnlink(StateLayout.HealthRecord(plan.Namespace));

    /// <inheritdoc/>
    public void Dispose() => _table?.Dispose();

    private IReadOnlyDictionary<string, ulong>? Counters(WatchedNetns netns)
    {
        if (Environment.TickCount64 < _nextTry)
        {
            return null;
        }

        try
        {
            if (!ReferenceEquals(_counted, netns))
            {
                _table?.Dispose();
                _table = new TrafficTable(netns.Handle, TrafficRuleset.Compile(plan.WireGuard.Interface, _servers));
                _counted = netns;
            }

            return _table?.Read();
        }
        catch (SystemFailure e)
        {
            // Peers are judged by the sizes of what is sent to them meanwhile.
            _nextTry = Environment.TickCount64 + Retry;
            journal.Write(Journal.Warning, "traffic-uncounted", $"the traffic of the tunnel is not counted: {e.Message}");
            return null;
        }
    }

    private void Tell(WireGuardPeer peer, AnswerState state)
    {
        switch (state)
        {
            case AnswerState.Answering:
                journal.Write(Journal.Info, "peer-answers", $"the peer {peer.PublicKey} answers");
                break;
            case AnswerState.Silent:
                var where = peer.Endpoint is null ? ", whose endpoint is not known" : $" at {peer.Endpoint}";
                journal.Write(Journal.Warning, "peer-silent", $"no answer from the peer {peer.PublicKey}{where}: {LastHandshake(peer)}; everything that is sent to it is lost");
                break;
            case AnswerState.Idle or AnswerState.Waiting:
                break;
            default:
                throw new InvalidOperationException("a state of an unknown kind");
        }
    }

    private void TellOfResolver(AnswerState state)
    {
        if (state is AnswerState.Silent && _toldOfResolver is not AnswerState.Silent)
        {
            journal.Write(Journal.Warning, "resolver-silent", $"no answer from the resolver {string.Join(", ", _servers)}, so no name is resolved");
        }
        else if (state is AnswerState.Answering && _toldOfResolver is AnswerState.Silent)
        {
            journal.Write(Journal.Info, "resolver-answers", "the resolver answers again");
        }

        _toldOfResolver = state;
    }

    private string? OfResolver(bool isUncounted) =>
        _servers.Count == 0 ? null
        : isUncounted ? "whether the resolver answers is not known, since the traffic of the tunnel is not counted"
        : _resolver.State is AnswerState.Silent ? $"no answer from the resolver {string.Join(", ", _servers)}"
        : null;

    private static string LastHandshake(WireGuardPeer peer) =>
        peer.LatestHandshake is { } time ? $"the last handshake was at {time.UtcDateTime:u}" : "there was no handshake yet";

    // Of the resolver nothing is known while its questions and answers are not counted.
    private void Write(NetnsIdentity netns, TimeSpan now, bool isCounted)
    {
        Answers At(AnswerState state, TimeSpan since) => new(state, DateTimeOffset.UtcNow - (now - since));
        var resolver = isCounted && _servers.Count > 0 ? _resolver : null;

        // By state alone: the calendar may be set while nothing changes.
        var peers = string.Join(' ', _peers.Select(p => $"{p.Key}={p.Value.State}"));
        var states = $"{netns} {peers} {resolver?.State}";
        if (states == _written)
        {
            return;
        }

        var record = new HealthRecord(
            netns.ToString(),
            _peers.ToDictionary(p => $"{p.Key}", p => At(p.Value.State, p.Value.Since), StringComparer.Ordinal),
            resolver is null ? null : At(resolver.State, resolver.Since));
        try
        {
            AtomicFile.Write(StateLayout.HealthRecord(plan.Namespace), HealthRecord.Write(record));
            (_written, _isUnwritten) = (states, false);
        }
        catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException)
        {
            // Tried again at the next look.
            var stays = Withdraw();
            if (!_isUnwritten)
            {
                journal.Write(
                    Journal.Error,
                    "health-unwritten",
                    "what is found of peers and resolvers is not written down, so 'status' cannot say it: "
                    + $"{e.Message}{stays}");
            }

            (_written, _isUnwritten) = (null, true);
        }
    }

    // An older record would be taken for what is found now.
    private string? Withdraw()
    {
        try
        {
            Forget();
            return null;
        }
        catch (SystemFailure e)
        {
            return $"; what 'status' says of them is out of date: {e.Message}";
        }
    }
}
