using VpnConfinement.Plan;

namespace VpnConfinement.Drift;

/// <summary>One thing of a namespace that must be there: an entry of <see cref="PartList"/>.</summary>
public sealed record Part
{
    /// <summary>Its name, which docs/security.md and <c>plan --json</c> use.</summary>
    public required string Name { get; init; }

    /// <summary>How it is repaired, by the watcher and by <c>apply</c>.</summary>
    public required PartRepair Repair { get; init; }

    /// <summary>
    /// Whether it keeps something from leaving, or from coming in: its repair waits for nothing, whoever undoes it.
    /// </summary>
    public required bool IsGuard { get; init; }

    /// <summary>Whether it is there while the namespace is down as well.</summary>
    public bool IsThereWhileDown { get; init; }

    /// <summary>
    /// Whether not being able to look at it is a reason to repair it: not where the reason lies elsewhere, in a key file
    /// or in the system as a whole.
    /// </summary>
    public bool IsRepairedUnseen { get; init; } = true;

    /// <summary>What can be done to it.</summary>
    public required IReadOnlyList<DamageKind> Damages { get; init; }

    /// <summary>Why it cannot take the other kinds of damage; null where it takes all.</summary>
    public string? OtherDamages { get; init; }

    /// <summary>What to type where it differs, as a clause.</summary>
    public string Remedy { get; init; } = "run 'vpn-confinement apply'";

    /// <summary>The differences between what its namespace's plan wants of it and what was seen.</summary>
    public required Func<NamespacePlan, NamespaceObservation, IEnumerable<PartDifference>> Compare { get; init; }
}
