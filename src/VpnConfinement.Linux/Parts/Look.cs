using VpnConfinement.Drift;
using VpnConfinement.Linux.Nftables;

namespace VpnConfinement.Linux.Parts;

/// <summary>Looks at one thing; a failure of the system means that it could not be seen.</summary>
internal static class Look
{
    /// <summary>Looks.</summary>
    internal static Observation<T> At<T>(Func<T> see)
    {
        try
        {
            return new Observation<T>.Known(see());
        }
        catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException)
        {
            return new Observation<T>.Unknown(e.Message);
        }
    }

    /// <summary>Looks at a table: how it differs from what was loaded, or null.</summary>
    internal static Observation<string?> AtTable(Func<RulesetDrift?> see) => At(see) switch
    {
        Observation<RulesetDrift?>.Known { Value: null } => new Observation<string?>.Known(null),
        Observation<RulesetDrift?>.Known { Value: { Kind: RulesetDriftKind.Changed } drift } =>
            new Observation<string?>.Known(drift.Detail),
        Observation<RulesetDrift?>.Known { Value: { Kind: RulesetDriftKind.Unproven } drift } =>
            new Observation<string?>.Unproven(drift.Detail),
        Observation<RulesetDrift?>.Unknown unknown => new Observation<string?>.Unknown(unknown.Reason),
        _ => throw new InvalidOperationException("a drift of an unknown kind"),
    };
}
