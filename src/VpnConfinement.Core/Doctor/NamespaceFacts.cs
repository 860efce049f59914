using VpnConfinement.Drift;

namespace VpnConfinement.Doctor;

/// <summary>A namespace that was applied.</summary>
/// <param name="Name">Its name.</param>
/// <param name="HostLink">Name of the host's end of its host link; null where there is none.</param>
/// <param name="Tunnel">Its tunnel; null while that is down.</param>
public sealed record NamespaceFacts(string Name, string? HostLink, Observation<TunnelFacts?> Tunnel);
