namespace VpnConfinement.Drift;

/// <summary>The loopback of a namespace.</summary>
/// <param name="IsUp">Whether it is up.</param>
/// <param name="Addresses">Its addresses, with prefix length.</param>
public sealed record LoopbackState(bool IsUp, IReadOnlyList<string> Addresses);
