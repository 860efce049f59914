namespace VpnConfinement.Model;

/// <summary>A socket of the host that leads to a port in the namespace through a forwarder, with no IP path between the two (option <c>publish</c>).</summary>
/// <param name="Listen">Where the host listens.</param>
/// <param name="To">TCP port in the namespace.</param>
public sealed record PublishedPort(ListenAddress Listen, ushort To);
