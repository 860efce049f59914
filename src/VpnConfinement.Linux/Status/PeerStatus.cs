namespace VpnConfinement.Linux.Status;

/// <summary>A peer of a tunnel as it is now.</summary>
/// <param name="PublicKey">Its public key, base64.</param>
/// <param name="LatestHandshake">When the latest handshake with it was made, or null for never.</param>
/// <param name="ReceivedBytes">Bytes received from it.</param>
/// <param name="SentBytes">Bytes sent to it.</param>
public sealed record PeerStatus(
    string PublicKey, DateTimeOffset? LatestHandshake, ulong ReceivedBytes, ulong SentBytes)
{
    /// <summary>
    /// Where it was last heard from or is thought to be, as <c>192.0.2.1:51820</c>; null where that is not known.
    /// </summary>
    public string? Endpoint { get; init; }
}
