namespace VpnConfinement.Graph;

/// <summary>A confined socket.</summary>
/// <param name="Unit">Its name with suffix.</param>
/// <param name="Service">The service that it starts.</param>
public sealed record GraphSocket(string Unit, string Service);
