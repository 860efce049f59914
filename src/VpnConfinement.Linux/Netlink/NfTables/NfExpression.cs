namespace VpnConfinement.Linux.Netlink.NfTables;

/// <summary>One expression of a rule.</summary>
/// <param name="Name">Its kind: <c>meta</c>, <c>cmp</c>, <c>counter</c>.</param>
/// <param name="Set">The set that it asks or fills, or null. An anonymous set has a number for a name, which means
/// nothing.</param>
/// <param name="Form">Its other attributes in canonical form, without what it has counted.</param>
internal sealed record NfExpression(string Name, string? Set, byte[] Form);
