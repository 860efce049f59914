namespace VpnConfinement.Linux.Tests.Policy;

/// <summary>Whether a packet may pass.</summary>
/// <param name="Refusal">Why not; null when it may.</param>
public readonly record struct PolicyVerdict(RefusalReason? Refusal)
{
    /// <summary>It may pass.</summary>
    public static PolicyVerdict Accepted => default;

    /// <summary>Whether it may pass.</summary>
    public bool IsAccepted => Refusal is null;

    /// <summary>It may not.</summary>
    public static PolicyVerdict Refused(RefusalReason reason) => new(reason);

    /// <inheritdoc/>
    public override string ToString() => Refusal is { } reason ? $"refused ({reason})" : "accepted";
}
