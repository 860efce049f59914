namespace VpnConfinement.Graph;

/// <summary>A place where the host listens for a published port.</summary>
/// <param name="Listen">
/// An address with a port, a port of every address as <c>*:8080</c>, or the path of a unix socket.
/// </param>
/// <param name="Port">The TCP port in the namespace.</param>
public sealed record GraphPublished(string Listen, ushort Port);
