namespace VpnConfinement.Linux.Status;

/// <summary>What <c>apply</c> knows besides, when it looks whether what it did works.</summary>
/// <param name="Answered">Namespaces whose resolvers it asked, and whether one answered.</param>
/// <param name="Started">Units that it started, which have to run for <see cref="MustRun"/>.</param>
public sealed record JustApplied(IReadOnlyDictionary<string, bool> Answered, IReadOnlySet<string> Started)
{
    /// <summary>How long a unit has to run that was just started.</summary>
    public static readonly TimeSpan MustRun = TimeSpan.FromSeconds(1);

    /// <summary>Nothing was applied just now.</summary>
    public static JustApplied Nothing { get; } = new(new Dictionary<string, bool>(), new HashSet<string>());
}
