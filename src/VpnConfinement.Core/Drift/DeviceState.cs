namespace VpnConfinement.Drift;

/// <summary>A WireGuard device as it is, but for its keys and endpoints.</summary>
/// <param name="FwMark">Firewall mark of its own packets; 0 for none.</param>
/// <param name="ListenPort">UDP port in use; 0 for none.</param>
/// <param name="Peers">All peers.</param>
public sealed record DeviceState(uint FwMark, int ListenPort, IReadOnlyList<PeerState> Peers);
