namespace VpnConfinement.Linux.Nftables;

/// <summary>Why a table is not known to be the one that was loaded.</summary>
/// <param name="Kind">Whether it is another, or it cannot be told.</param>
/// <param name="Detail">What differs, as a phrase.</param>
internal sealed record RulesetDrift(RulesetDriftKind Kind, string Detail);
