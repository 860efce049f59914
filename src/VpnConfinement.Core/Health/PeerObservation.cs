namespace VpnConfinement.Health;

/// <summary>What is seen of a WireGuard peer.</summary>
/// <param name="PublicKey">Its public key, base64.</param>
/// <param name="Endpoint">Where it is, as text, or null where that is not known.</param>
/// <param name="LatestHandshake">The latest handshake, or null for none.</param>
/// <param name="SentBytes">Bytes sent to it, by the device's count.</param>
/// <param name="Answers">What the watcher found of it, or null where it does not say.</param>
public sealed record PeerObservation(string PublicKey, string? Endpoint, DateTimeOffset? LatestHandshake, ulong SentBytes, Answers? Answers);
