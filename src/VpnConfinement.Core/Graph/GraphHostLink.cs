namespace VpnConfinement.Graph;

/// <summary>A host link.</summary>
/// <param name="Interface">Its name on the host.</param>
/// <param name="HostAddress">Its address there.</param>
/// <param name="Ports">
/// What the host may call in the namespace: <c>169.254.1.2, TCP 9091</c>; empty for nothing.
/// </param>
public sealed record GraphHostLink(string Interface, string HostAddress, string Ports);
