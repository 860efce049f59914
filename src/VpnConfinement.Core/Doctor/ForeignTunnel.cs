namespace VpnConfinement.Doctor;

/// <summary>A WireGuard tunnel of the host that was not made by us.</summary>
/// <param name="Name">Name of its link.</param>
/// <param name="PublicKey">Its public key in base64, or null where none is set.</param>
public sealed record ForeignTunnel(string Name, string? PublicKey);
