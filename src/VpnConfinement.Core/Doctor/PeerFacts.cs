using System.Net;
using VpnConfinement.Drift;

namespace VpnConfinement.Doctor;

/// <summary>A peer of a tunnel as it is.</summary>
/// <param name="PublicKey">Its public key in base64.</param>
/// <param name="Endpoint">Where it is, or null.</param>
/// <param name="Route">The way there; null without an endpoint.</param>
/// <param name="SentBytes">Bytes sent to it.</param>
/// <param name="LatestHandshake">When the latest handshake was made, or null for never.</param>
public sealed record PeerFacts(
    string PublicKey,
    IPEndPoint? Endpoint,
    Observation<EndpointRoute>? Route,
    ulong SentBytes,
    DateTimeOffset? LatestHandshake);
