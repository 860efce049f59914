using System.Net;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Netlink.WireGuard;

/// <summary>One peer of a device, as it is.</summary>
public sealed record WireGuardPeer
{
    /// <summary>Public key.</summary>
    public required PublicKey PublicKey { get; init; }

    /// <summary>Where it was last heard from or is thought to be, or null.</summary>
    public required IPEndPoint? Endpoint { get; init; }

    /// <summary>When the latest handshake was made, or null for never.</summary>
    public required DateTimeOffset? LatestHandshake { get; init; }

    /// <summary>Bytes received from it.</summary>
    public required ulong ReceivedBytes { get; init; }

    /// <summary>Bytes sent to it.</summary>
    public required ulong SentBytes { get; init; }

    /// <summary>Seconds between keepalives; 0 for off.</summary>
    public required ushort PersistentKeepalive { get; init; }

    /// <summary>Allowed IPs, canonical prefixes.</summary>
    public required IReadOnlyList<string> AllowedIPs { get; init; }

    /// <summary>Preshared key, or null for none.</summary>
    internal Secret? PresharedKey { get; init; }

    /// <summary>Whether the peer is already what is wanted.</summary>
    internal bool Matches(WireGuardPeerConfig wanted) =>
        PublicKey == wanted.PublicKey
        && WireGuardDevice.Same(PresharedKey, wanted.PresharedKey)
        && (wanted.Endpoint is null || wanted.Endpoint.Equals(Endpoint))
        && PersistentKeepalive == wanted.PersistentKeepalive
        && AllowedIPs.ToHashSet().SetEquals(wanted.AllowedIPs.Select(prefix => prefix.ToString()));
}
