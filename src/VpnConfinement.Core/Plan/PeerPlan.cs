namespace VpnConfinement.Plan;

/// <summary>One peer.</summary>
public sealed record PeerPlan
{
    /// <summary>Public key, base64 of 32 bytes.</summary>
    public required string PublicKey { get; init; }

    /// <summary>Absolute path of the file with the preshared key in base64, or null.</summary>
    public required string? PresharedKeyFile { get; init; }

    /// <summary>Literal <c>IPv4:port</c> or <c>[IPv6]:port</c>, or null.</summary>
    public required string? Endpoint { get; init; }

    /// <summary>Allowed IPs, canonical prefixes.</summary>
    public required IReadOnlyList<string> AllowedIPs { get; init; }

    /// <summary>Persistent keepalive in seconds; 0 for off.</summary>
    public required int PersistentKeepalive { get; init; }
}
