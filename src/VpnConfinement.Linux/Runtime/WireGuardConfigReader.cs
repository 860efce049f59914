using System.Net;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>Makes a device's configuration of a plan and the key files that it names.</summary>
internal static class WireGuardConfigReader
{
    /// <summary>Reads all keys; the caller disposes of them.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="addresses">By public key, where the peers are whose endpoints are names; a peer whose name has no address is absent.</param>
    /// <param name="log">Takes warnings.</param>
    /// <exception cref="SystemFailure">A key file is missing or holds no key; names the file and what to do.</exception>
    internal static WireGuardConfig Read(WireGuardPlan plan, IReadOnlyDictionary<PublicKey, IPEndPoint> addresses, Action<string> log)
    {
        var keys = new List<Secret>();
        try
        {
            var privateKey = WireGuardKey.ReadFile(plan.PrivateKeyFile, "private key", log);
            keys.Add(privateKey);
            return new WireGuardConfig
            {
                PrivateKey = privateKey,
                ListenPort = plan.ListenPort,
                FwMark = plan.FwMark,
                Peers = [.. plan.Peers.Where(peer => IsPlaced(peer, addresses) || IsCovered(peer, plan)).Select(peer => Peer(peer, addresses, keys, log))],
            };
        }
        catch
        {
            keys.ForEach(key => key.Dispose());
            throw;
        }
    }

    private static bool IsPlaced(PeerPlan peer, IReadOnlyDictionary<PublicKey, IPEndPoint> addresses) =>
        peer.EndpointName is null || addresses.ContainsKey(peer.PublicKey);

    // A peer that is nowhere yet is left out, and what it should carry is blocked; unless another peer would carry that then: it is kept without
    // an endpoint, and what is meant for it is dropped.
    private static bool IsCovered(PeerPlan peer, WireGuardPlan plan) =>
        plan.Peers.Where(other => other.PublicKey != peer.PublicKey).SelectMany(other => other.AllowedIPs)
            .Any(wide => peer.AllowedIPs.Any(own => wide.PrefixLength <= own.PrefixLength && wide.Contains(own.BaseAddress)));

    private static WireGuardPeerConfig Peer(PeerPlan peer, IReadOnlyDictionary<PublicKey, IPEndPoint> addresses, List<Secret> keys, Action<string> log)
    {
        var presharedKey = peer.PresharedKeyFile is { } path ? WireGuardKey.ReadFile(path, "preshared key", log) : null;
        if (presharedKey is not null)
        {
            keys.Add(presharedKey);
        }

        return new WireGuardPeerConfig
        {
            PublicKey = peer.PublicKey,
            PresharedKey = presharedKey,
            Endpoint = peer.Endpoint ?? addresses.GetValueOrDefault(peer.PublicKey),
            PersistentKeepalive = checked((ushort)peer.PersistentKeepalive),
            AllowedIPs = [.. peer.AllowedIPs.Select(AddressPrefix.Of)],
        };
    }
}
