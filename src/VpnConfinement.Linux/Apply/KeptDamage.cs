using VpnConfinement.Drift;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>
/// What is kept to go back to and is no good for that any more. Nothing that runs depends on it and what is lost is lost, so the next <c>apply</c>
/// deletes what is damaged, keeps anew what is applied, and goes on.
/// </summary>
internal static class KeptDamage
{
    /// <summary>What is wrong, in the order in which it matters.</summary>
    internal static IReadOnlyList<DriftEntry> Find(Manifest applied)
    {
        var found = new List<DriftEntry>();
        var backTo = 0;
        try
        {
            backTo = Confirmation.Pending()?.BackTo ?? 0;
        }
        catch (SystemFailure e)
        {
            found.Add(new DriftEntry(DriftKind.Generation, StateLayout.PendingChange, $"{e.Message}; the change that waits to be confirmed does not go back by itself, and the next 'apply' keeps it"));
        }

        // Where it is applied, an 'apply --confirm' changed nothing yet.
        if (backTo > 0 && backTo != applied.Generation && GenerationStore.Unusable(backTo) is { } lost)
        {
            found.Add(Of(backTo, $"{lost}; the change that waits to be confirmed cannot go back to it: run 'vpn-confinement confirm' to keep that change, or 'vpn-confinement apply'"));
        }

        if (GenerationStore.Damage(applied) is { } damage)
        {
            found.Add(Of(applied.Generation, $"{damage}; there is no going back to it, and the next 'apply' keeps it anew"));
        }

        found.AddRange(GenerationStore.Numbers().Where(n => n != backTo && n != applied.Generation)
            .Select(n => GenerationStore.DamageOf(n) is { } why ? Of(n, $"{why}; there is no going back to it any more, and the next 'apply' deletes it") : null).OfType<DriftEntry>());
        return found;
    }

    private static DriftEntry Of(int number, string text) => new(DriftKind.Generation, StateLayout.Generation(number), text);
}
