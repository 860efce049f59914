namespace VpnConfinement.Linux.Netlink.NfTables;

/// <summary>A rule.</summary>
/// <param name="Chain">The chain that it is in.</param>
/// <param name="Expressions">What it does, in order.</param>
/// <param name="Form">Its other attributes in canonical form.</param>
internal sealed record NfRule(string Chain, IReadOnlyList<NfExpression> Expressions, byte[] Form);
