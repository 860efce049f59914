namespace VpnConfinement.State;

/// <summary>One namespace that was applied.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Interface">Its WireGuard interface, which names the unit.</param>
/// <param name="Services">Its confined services, with suffix.</param>
public sealed record ManifestNamespace(string Name, string Interface, IReadOnlyList<string> Services);
