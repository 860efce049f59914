using VpnConfinement.Model;

namespace VpnConfinement.Drift;

/// <summary>One peer of a device as it is, but for keys and endpoint.</summary>
/// <param name="PublicKey">Public key.</param>
/// <param name="AllowedIPs">Allowed IPs, canonical prefixes.</param>
/// <param name="PersistentKeepalive">Seconds between keepalives; 0 for off.</param>
public sealed record PeerState(PublicKey PublicKey, IReadOnlyList<string> AllowedIPs, int PersistentKeepalive);
