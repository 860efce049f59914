namespace VpnConfinement.Drift;

/// <summary>What is kept to go back to (docs/adr/0014).</summary>
public sealed record KeptState
{
    /// <summary>Number of the generation that was applied last.</summary>
    public required int Applied { get; init; }

    /// <summary>What is wrong with that, as a sentence; null for nothing.</summary>
    public string? AppliedDamage { get; init; }

    /// <summary>Number of the generation that an unconfirmed change goes back to.</summary>
    public int BackTo { get; init; }

    /// <summary>Why there is no going back to that, as a sentence; null where there is.</summary>
    public string? BackToDamage { get; init; }

    /// <summary>Why it is not known what an unconfirmed change goes back to; null for no reason.</summary>
    public string? PendingDamage { get; init; }

    /// <summary>What is wrong with the others, by their numbers.</summary>
    public IReadOnlyList<(int Number, string Damage)> Damaged { get; init; } = [];
}
