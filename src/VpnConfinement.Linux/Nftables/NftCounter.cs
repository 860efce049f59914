namespace VpnConfinement.Linux.Nftables;

/// <summary>A named counter of a namespace's ruleset.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Packets">Packets counted since the ruleset was loaded.</param>
/// <param name="Bytes">Bytes counted since then.</param>
public sealed record NftCounter(string Name, ulong Packets, ulong Bytes);
