using System.Net;
using VpnConfinement.Model;

namespace VpnConfinement.Plan;

/// <summary>One peer.</summary>
public sealed record PeerPlan
{
    /// <summary>Public key.</summary>
    public required PublicKey PublicKey { get; init; }

    /// <summary>Absolute path of the file with the preshared key in base64, or null.</summary>
    public required string? PresharedKeyFile { get; init; }

    /// <summary>Where it is, or null.</summary>
    public required IPEndPoint? Endpoint { get; init; }

    /// <summary>Name of the endpoint, looked up in the birthplace; null for a literal endpoint or none.</summary>
    public required EndpointName? EndpointName { get; init; }

    /// <summary>Seconds between look-ups of <see cref="EndpointName"/>; 0 without one.</summary>
    public required int RefreshSeconds { get; init; }

    /// <summary>Allowed IPs.</summary>
    public required IReadOnlyList<IPNetwork> AllowedIPs { get; init; }

    /// <summary>Persistent keepalive in seconds; 0 for off.</summary>
    public required int PersistentKeepalive { get; init; }
}
