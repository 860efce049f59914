namespace VpnConfinement.State;

/// <summary>One namespace with the units that hang on it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Interface">Its WireGuard interface, which names the unit.</param>
/// <param name="Units">The services and sockets that are confined in it, in ordinal order.</param>
/// <param name="Published">Our socket units of the host that lead to ports in it, in ordinal order.</param>
public sealed record ManifestNamespace(string Name, string Interface, IReadOnlyList<ManifestUnit> Units, IReadOnlyList<string> Published);
