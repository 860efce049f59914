namespace VpnConfinement.Linux.Netlink.NfTables;

/// <summary>Some elements of a set, as one answer of the kernel brings them.</summary>
/// <param name="Set">The set.</param>
/// <param name="Forms">Key, end of the interval, flags and data of each, in canonical form.</param>
internal sealed record NfElements(string Set, IReadOnlyList<byte[]> Forms);
