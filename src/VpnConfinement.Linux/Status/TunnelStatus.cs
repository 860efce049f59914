using System.Text.Json.Serialization;

namespace VpnConfinement.Linux.Status;

/// <summary>A WireGuard link as it is now.</summary>
public sealed record TunnelStatus
{
    /// <summary>Its name.</summary>
    public required string Interface { get; init; }

    /// <summary>Latest handshake with any peer, or null when there was none.</summary>
    public required DateTimeOffset? LatestHandshake { get; init; }

    /// <summary>Bytes received from all peers.</summary>
    public required ulong ReceivedBytes { get; init; }

    /// <summary>Bytes sent to all peers.</summary>
    public required ulong SentBytes { get; init; }

    /// <summary>Its peers. Not required: the serializer refuses what is both that and left out.</summary>
    [JsonIgnore]
    public IReadOnlyList<PeerStatus> Peers { get; init; } = [];
}
