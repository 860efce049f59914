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

    /// <summary>Hostname of the endpoint as <c>name:port</c>, looked up in the birthplace; null for a literal endpoint or none.</summary>
    public required string? EndpointName { get; init; }

    /// <summary>Seconds between look-ups of <see cref="EndpointName"/>; 0 without one.</summary>
    public required int RefreshSeconds { get; init; }

    /// <summary>Allowed IPs, canonical prefixes.</summary>
    public required IReadOnlyList<string> AllowedIPs { get; init; }

    /// <summary>Persistent keepalive in seconds; 0 for off.</summary>
    public required int PersistentKeepalive { get; init; }
}
