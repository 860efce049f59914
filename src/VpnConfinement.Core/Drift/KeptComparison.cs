using VpnConfinement.Plan;

namespace VpnConfinement.Drift;

/// <summary>
/// What is kept to go back to and is no good for that any more. Nothing that runs depends on it and what is lost is
/// lost, so the next <c>apply</c> deletes what is damaged, keeps anew what is applied, and goes on.
/// </summary>
internal static class KeptComparison
{
    /// <summary>What is wrong, in the order in which it matters.</summary>
    internal static IEnumerable<PartDifference> Of(KeptState kept)
    {
        if (kept.PendingDamage is { } pending)
        {
            yield return new PartDifference(
                $"{pending}; the change that waits to be confirmed does not go back by itself, "
                + "and the next 'apply' keeps it")
            {
                Subject = StateLayout.PendingChange,
            };
        }

        // Where it is applied, an 'apply --confirm' changed nothing yet.
        if (kept.BackTo != kept.Applied && kept.BackToDamage is { } lost)
        {
            yield return Of(
                kept.BackTo,
                $"{lost}; the change that waits to be confirmed cannot go back to it: "
                + "run 'vpn-confinement confirm' to keep that change, or 'vpn-confinement apply'");
        }

        if (kept.AppliedDamage is { } damage)
        {
            yield return Of(
                kept.Applied, $"{damage}; there is no going back to it, and the next 'apply' keeps it anew");
        }

        foreach (var (number, why) in kept.Damaged.Where(g => g.Number != kept.BackTo && g.Number != kept.Applied))
        {
            yield return Of(number, $"{why}; there is no going back to it any more, and the next 'apply' deletes it");
        }
    }

    private static PartDifference Of(int number, string text) =>
        new(text) { Subject = StateLayout.Generation(number) };
}
