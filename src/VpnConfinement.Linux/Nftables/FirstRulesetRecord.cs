namespace VpnConfinement.Linux.Nftables;

/// <summary>
/// What a version before this one wrote down: which text was loaded, and nothing that the kernel's report can be held
/// against.
/// </summary>
/// <param name="Table">Name of the table, family inet.</param>
/// <param name="Source">Hex SHA-256 of the text that was loaded.</param>
internal sealed record FirstRulesetRecord(string Table, string Source);
