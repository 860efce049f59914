namespace VpnConfinement.Linux.Netlink.NfTables;

/// <summary>A chain.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Form">Type, hook, priority, policy and flags in canonical form.</param>
internal sealed record NfChain(string Name, byte[] Form);
