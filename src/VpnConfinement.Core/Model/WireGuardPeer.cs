using System.Net;

namespace VpnConfinement.Model;

/// <summary>A peer of a WireGuard link.</summary>
public sealed record WireGuardPeer
{
    /// <summary>Public key.</summary>
    public required PublicKey PublicKey { get; init; }

    /// <summary>Where the preshared key is, or null.</summary>
    public required KeySource? PresharedKey { get; init; }

    /// <summary>Where it is, or null for a peer that calls us.</summary>
    public required PeerEndpoint? Endpoint { get; init; }

    /// <summary>Allowed IPs without duplicates.</summary>
    public required IReadOnlyList<IPNetwork> AllowedIPs { get; init; }

    /// <summary>Persistent keepalive in seconds; 0 for off.</summary>
    public required int PersistentKeepalive { get; init; }
}
