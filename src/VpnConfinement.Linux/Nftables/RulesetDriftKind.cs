namespace VpnConfinement.Linux.Nftables;

/// <summary>The kinds of <see cref="RulesetDrift"/>.</summary>
internal enum RulesetDriftKind
{
    /// <summary>The table is gone, is another, or was loaded from another text.</summary>
    Changed,

    /// <summary>
    /// There is nothing that the kernel's report can be held against: another version loaded it, or what was written
    /// down is damaged.
    /// </summary>
    Unproven,
}
