using VpnConfinement.Drift;

namespace VpnConfinement.Doctor;

/// <summary>A tunnel as it is.</summary>
/// <param name="Interface">Name of the link in its namespace.</param>
/// <param name="PublicKey">Its own public key in base64, or null where none is set.</param>
/// <param name="Mtu">MTU of the link in bytes.</param>
/// <param name="Peers">Its peers.</param>
/// <param name="Room">What its packets tell; null where nothing in the tunnel answers that could be asked.</param>
public sealed record TunnelFacts(
    string Interface, string? PublicKey, int Mtu, IReadOnlyList<PeerFacts> Peers, Observation<TunnelRoom?> Room);
