using System.Net;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Netlink.WireGuard;

/// <summary>What one peer shall be.</summary>
internal sealed record WireGuardPeerConfig
{
    /// <summary>Public key.</summary>
    internal required PublicKey PublicKey { get; init; }

    /// <summary>Preshared key, or null for none.</summary>
    internal required Secret? PresharedKey { get; init; }

    /// <summary>Where it is, or null: then it is learned from what it sends.</summary>
    internal required IPEndPoint? Endpoint { get; init; }

    /// <summary>Seconds between keepalives; 0 for off.</summary>
    internal required ushort PersistentKeepalive { get; init; }

    /// <summary>Allowed IPs.</summary>
    internal required IReadOnlyList<AddressPrefix> AllowedIPs { get; init; }
}
