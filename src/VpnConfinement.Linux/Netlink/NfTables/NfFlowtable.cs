namespace VpnConfinement.Linux.Netlink.NfTables;

/// <summary>A flow table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Form">All that defines it, in canonical form.</param>
internal sealed record NfFlowtable(string Name, byte[] Form);
