using System.Net;
using VpnConfinement.Linux.Lookups;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>Where the peers are whose endpoints are names.</summary>
internal static class EndpointNames
{
    /// <summary>Looks up the names of peers.</summary>
    /// <returns>Addresses by name; a name that has none, or whose lookup failed, is absent.</returns>
    internal static IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> LookUp(NamespacePlan plan, IEnumerable<PeerPlan> peers, Action<string> log) =>
        EndpointLookup.Run(plan, [.. peers.Select(peer => peer.EndpointName?.Name).OfType<string>()], log);

    /// <summary>
    /// What to tell the device when the tunnel comes up: what was just looked up, else the last good address, else what a living device has. What
    /// was looked up becomes the last good.
    /// </summary>
    /// <returns>By public key; a peer that is nowhere yet is absent.</returns>
    internal static IReadOnlyDictionary<PublicKey, IPEndPoint> Settle(NamespacePlan plan, IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> answers, Action<string> log)
    {
        var settled = new Dictionary<PublicKey, IPEndPoint>();
        var named = plan.WireGuard.Peers.Where(peer => peer.EndpointName is not null).ToList();
        if (named.Count == 0)
        {
            return settled;
        }

        var record = EndpointRecord.Load(plan.Namespace);
        var living = named.All(peer => record.Find(peer) is not null) ? [] : Living(plan.Namespace);
        foreach (var peer in named)
        {
            var last = record.Find(peer) ?? living.GetValueOrDefault(peer.PublicKey);
            var now = Choose(peer, answers, last);
            if (now is not null)
            {
                record.Set(peer, now, Environment.TickCount64);
            }

            if ((now ?? last) is { } address)
            {
                settled[peer.PublicKey] = address;
                log($"{peer.EndpointName} is {address}{(now is null ? ", by the last lookup that succeeded" : "")}");
            }
            else
            {
                log($"{peer.EndpointName} has no address yet: nothing goes to the peer {peer.PublicKey}");
            }
        }

        record.Save(plan);
        return settled;
    }

    /// <summary>Where a peer is by what was looked up; null where its name has no address that can be used.</summary>
    /// <param name="peer">A peer whose endpoint is a name.</param>
    /// <param name="answers">What <see cref="LookUp"/> returned.</param>
    /// <param name="current">Where it was before, or null.</param>
    internal static IPEndPoint? Choose(PeerPlan peer, IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> answers, IPEndPoint? current)
    {
        var (name, port) = peer.EndpointName!;
        return answers.TryGetValue(name, out var addresses) && EndpointAddress.Choose(addresses, current?.Address) is { } address ? new IPEndPoint(address, port) : null;
    }

    /// <summary>The peers that are nowhere yet, because their names have no address.</summary>
    internal static IReadOnlyList<PeerPlan> Missing(NamespacePlan plan, WireGuardDevice? device) =>
        device is null ? [] : [.. plan.WireGuard.Peers.Where(p => p.EndpointName is not null && !device.Peers.Any(d => d.PublicKey == p.PublicKey && d.Endpoint is not null))];

    private static Dictionary<PublicKey, IPEndPoint> Living(string ns)
    {
        var endpoints = new Dictionary<PublicKey, IPEndPoint>();
        try
        {
            using var device = WireGuardStatus.Read(ns);
            foreach (var peer in device?.Peers ?? [])
            {
                if (peer.Endpoint is { } endpoint)
                {
                    endpoints[peer.PublicKey] = endpoint;
                }
            }
        }
        catch (SystemFailure)
        {
            // No device, or one that does not answer: it is made anew, and has nothing to keep.
        }

        return endpoints;
    }
}
