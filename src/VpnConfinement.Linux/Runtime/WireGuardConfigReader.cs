using System.Net;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>Makes a device's configuration of a plan and the key files that it names.</summary>
internal static class WireGuardConfigReader
{
    /// <summary>Reads all keys; the caller disposes of them.</summary>
    /// <exception cref="SystemFailure">A key file is missing or holds no key; names the file and what to do.</exception>
    internal static WireGuardConfig Read(WireGuardPlan plan, Action<string> log)
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
                Peers = [.. plan.Peers.Select(peer => Peer(peer, keys, log))],
            };
        }
        catch
        {
            keys.ForEach(key => key.Dispose());
            throw;
        }
    }

    private static WireGuardPeerConfig Peer(PeerPlan peer, List<Secret> keys, Action<string> log)
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
            Endpoint = peer.Endpoint is { } endpoint ? Endpoint(endpoint) : null,
            PersistentKeepalive = checked((ushort)peer.PersistentKeepalive),
            AllowedIPs = [.. peer.AllowedIPs.Select(AddressPrefix.Parse)],
        };
    }

    // The plan has canonical text: what prints otherwise than it was written is damaged (the parser takes octal, and no port as port 0).
    private static IPEndPoint Endpoint(string text) =>
        IPEndPoint.TryParse(text, out var endpoint) && endpoint.Port != 0
        && (endpoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 || endpoint.ToString() == text)
            ? endpoint
            : throw new SystemFailure($"the plan has '{text}' where an endpoint must be");
}
