namespace VpnConfinement.Linux.Nftables;

/// <summary>A part of a table, by which a change can be named.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name, or that of the chain or set that it belongs to.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of what it says, in canonical form.</param>
internal sealed record RulesetPart(RulesetPartKind Kind, string Name, string Sha256);
