using System.Globalization;
using System.Net;
using System.Text;
using VpnConfinement.Linux.Files;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>
/// The address that each name of an endpoint last had, for this boot only. It outlives the tunnel, so that a tunnel comes back while lookups
/// fail; it does not outlive the boot, after which the address may be somebody else's.
/// </summary>
internal sealed class EndpointRecord
{
    private readonly Dictionary<(string PublicKey, string Name), (IPEndPoint Address, long At)> _entries = [];

    /// <summary>Reads the one of a namespace. A line that is damaged is a name that was never looked up.</summary>
    internal static EndpointRecord Load(string ns)
    {
        var record = new EndpointRecord();
        foreach (var line in StateFile.Read(StateLayout.EndpointRecord(ns))?.Split('\n') ?? [])
        {
            if (line.Split(' ') is [var key, var name, var text, var time]
                && IPEndPoint.TryParse(text, out var address) && address.Port != 0
                && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var at))
            {
                record._entries[(key, name)] = (address, at);
            }
        }

        return record;
    }

    /// <summary>The last good address of a peer's endpoint; null while its name never had one.</summary>
    internal IPEndPoint? Find(PeerPlan peer) => _entries.TryGetValue(Key(peer), out var entry) ? entry.Address : null;

    /// <summary>Whether a peer's name has to be looked up: never was, or its interval is over.</summary>
    /// <param name="peer">A peer whose endpoint is a name.</param>
    /// <param name="now">Milliseconds since boot.</param>
    internal bool IsDue(PeerPlan peer, long now)
    {
        // A timer comes a little early or late; a clock that went back means another boot.
        const int Slack = 2000;
        return !_entries.TryGetValue(Key(peer), out var entry) || now < entry.At || now - entry.At >= (peer.RefreshSeconds * 1000L) - Slack;
    }

    /// <summary>Notes an address that a name has now.</summary>
    internal void Set(PeerPlan peer, IPEndPoint address, long now) => _entries[Key(peer)] = (address, now);

    /// <summary>Writes it, with the peers of the plan alone.</summary>
    internal void Save(NamespacePlan plan)
    {
        var text = new StringBuilder();
        foreach (var peer in plan.WireGuard.Peers.Where(p => p.EndpointName is not null))
        {
            if (_entries.TryGetValue(Key(peer), out var entry))
            {
                text.Append(CultureInfo.InvariantCulture, $"{peer.PublicKey} {peer.EndpointName} {entry.Address} {entry.At}\n");
            }
        }

        AtomicFile.Write(StateLayout.EndpointRecord(plan.Namespace), Encoding.ASCII.GetBytes(text.ToString()), AtomicFile.SecretMode);
    }

    private static (string PublicKey, string Name) Key(PeerPlan peer) => ($"{peer.PublicKey}", $"{peer.EndpointName}");
}
