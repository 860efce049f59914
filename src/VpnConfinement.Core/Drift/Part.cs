namespace VpnConfinement.Drift;

/// <summary>
/// One thing that must be there: an entry of <see cref="PartList"/>, of a namespace or of the host.
/// </summary>
public abstract record Part
{
    /// <summary>Its name, which docs/security.md and <c>plan --json</c> use.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of its entries.</summary>
    public DriftKind Kind { get; init; } = DriftKind.Namespace;

    /// <summary>How it is repaired, by the watcher and by <c>apply</c>.</summary>
    public required PartRepair Repair { get; init; }

    /// <summary>
    /// Whether it keeps something from leaving, or from coming in: its repair waits for nothing, whoever undoes it.
    /// </summary>
    public required bool IsGuard { get; init; }

    /// <summary>
    /// Whether not being able to look at it is a reason to repair it: not where the reason lies elsewhere, in a key file
    /// or in the system as a whole.
    /// </summary>
    public bool IsRepairedUnseen { get; init; } = true;

    /// <summary>What can be done to it.</summary>
    public required IReadOnlyList<DamageKind> Damages { get; init; }

    /// <summary>Why it cannot take the other kinds of damage; null where it takes all.</summary>
    public string? OtherDamages { get; init; }

    /// <summary>What to type where it differs, as a clause; null where the sentence says it.</summary>
    public string? Remedy { get; init; } = "run 'vpn-confinement apply'";
}
