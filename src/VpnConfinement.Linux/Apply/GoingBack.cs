using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>
/// Rolls a change that failed back to the generation before it, unless that would take the confinement of a service
/// away.
/// </summary>
/// <param name="run">What made the change.</param>
/// <param name="say">Takes a line for the user.</param>
internal sealed class GoingBack(ChangeRun run, Action<string> say)
{
    /// <summary>Whether the machine refused something, and not the program.</summary>
    internal static bool IsOfSystem(Exception e) =>
        e is SystemFailure or IOException or UnauthorizedAccessException;

    /// <summary>
    /// Rolls back; returns where there is nothing to add to the failure: the files are as they were, or there is
    /// nothing to go back to.
    /// </summary>
    /// <param name="applied">What was applied before the change.</param>
    /// <param name="generation">The number under which the change was kept.</param>
    /// <param name="failure">Why.</param>
    /// <param name="settle">What is done once the host is back.</param>
    /// <exception cref="SystemFailure">The failure, with where the host is now.</exception>
    internal void Run(Manifest applied, int generation, Exception failure, Action settle)
    {
        var remedy = (failure as SystemFailure)?.Remedy;
        IReadOnlyList<string> unconfined;
        try
        {
            var now = run.Host.Recorded();
            if (now.IsWhole && now.Generation == applied.Generation)
            {
                settle();
                return;
            }

            if (applied.Generation == 0 || applied.Generation == generation)
            {
                return;
            }

            var tree = run.Host.Kept(applied.Generation);
            var plan = run.Host.Plan(now, tree);
            unconfined = plan.Unconfined;
            if (unconfined.Count == 0)
            {
                say($"it failed; going back to generation {applied.Generation}");
                if (run.Run(now, tree, plan, applied.Generation, stays: true) is { } still)
                {
                    throw still;
                }

                settle();
            }
        }
        catch (Exception second) when (IsOfSystem(second))
        {
            throw new SystemFailure(
                $"{failure.Message}; going back to generation {applied.Generation} failed as well: {second.Message}; "
                + "what is not up stays stopped",
                remedy ?? "mend what is named, then run 'vpn-confinement apply' or 'vpn-confinement rollback'",
                second);
        }

        throw unconfined.Count == 0
            ? new SystemFailure(
                $"{failure.Message}; everything is back as it was before (generation {applied.Generation})",
                remedy ?? "mend what is named, then run 'vpn-confinement apply' again",
                failure)
            : new SystemFailure(
                $"{failure.Message}; going back would take the confinement of {string.Join(", ", unconfined)} away, so "
                + "the new configuration stays",
                remedy ?? "mend what is named, then run 'vpn-confinement apply' again; or 'vpn-confinement rollback "
                    + "--allow-unconfine'",
                failure);
    }
}
