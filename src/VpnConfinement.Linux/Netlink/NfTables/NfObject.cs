namespace VpnConfinement.Linux.Netlink.NfTables;

/// <summary>A named object that keeps a state.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type"><c>NFTA_OBJ_TYPE</c>.</param>
/// <param name="Form">What defines it in canonical form, without its state.</param>
/// <param name="Packets">Packets counted; 0 where it is no counter.</param>
/// <param name="Bytes">Bytes counted; 0 where it is no counter.</param>
internal sealed record NfObject(string Name, uint Type, byte[] Form, ulong Packets, ulong Bytes);
