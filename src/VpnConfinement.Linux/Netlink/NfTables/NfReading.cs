namespace VpnConfinement.Linux.Netlink.NfTables;

/// <summary>What was read in one go.</summary>
/// <param name="Generation">The kernel's number of the netns's last change of nf_tables, whoever made it.</param>
/// <param name="Table">The table, or null where there is none.</param>
internal sealed record NfReading(uint Generation, NfTable? Table);
