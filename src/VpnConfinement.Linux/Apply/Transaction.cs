using VpnConfinement.Compile;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>
/// A change of what is applied, all or nothing (docs/adr/0014): what was there before is kept as a generation, and comes back when the change fails,
/// unless that would take the confinement of a service away.
/// </summary>
/// <param name="systemctl">The running systemd.</param>
/// <param name="say">Takes a line for the user about each step.</param>
public sealed class Transaction(Systemctl systemctl, Action<string> say)
{
    private readonly Applier _applier = new(systemctl, say);
    private readonly ChangeRun _run = new(new ChangeHost(systemctl, say));

    /// <summary>Brings the host to a tree, or back to where it was.</summary>
    /// <param name="applied">What was applied last.</param>
    /// <param name="tree">What is to be.</param>
    /// <param name="plan">What that takes.</param>
    /// <param name="confirm">How the change is taken back unless somebody confirms it, or null.</param>
    /// <returns>Which units did not start, where the change stays all the same; null where all did.</returns>
    /// <exception cref="SystemFailure">It failed; the message says where the host is now.</exception>
    public SystemFailure? Run(Manifest applied, CompiledTree tree, ApplyPlan plan, ConfirmRequest? confirm)
    {
        var generation = GenerationStore.Keep(applied, tree, DateTimeOffset.UtcNow);
        var backTo = 0;
        PendingChange? consent = null;
        SystemFailure? failure;
        try
        {
            if (confirm is not null)
            {
                backTo = BackTo(applied);
                consent = Confirmation.Pending();
                Confirmation.Arm(systemctl, confirm.ToRecord(backTo), confirm.Binary);
            }
            else if (plan.NewlyConfined.Count > 0)
            {
                consent = Confirmation.WithdrawConsent();
            }

            FormerKeys.Keep(applied, tree);
            var kept = KeptFrom(applied, tree, generation);
            failure = _run.Run(applied, tree, plan, generation, stays: kept is not null);
            failure = failure is null || kept is null or "" ? failure : new SystemFailure($"{failure.Message}; {kept}", failure.Remedy ?? "", failure);
        }
        catch (Exception e) when (GoingBack.IsOfSystem(e))
        {
            new GoingBack(_run, say).Run(applied, generation, e, () => Back(applied.Generation, generation, consent));
            throw;
        }

        if (confirm is not null)
        {
            Confirmation.Restart(systemctl, confirm.ToRecord(backTo), confirm.Binary);
        }
        else if (failure is not null)
        {
            // A change that waits still goes back by itself: it may be the way to one that works.
            return failure;
        }
        else
        {
            Keep();
        }

        GenerationStore.Prune(generation, backTo);
        return failure;
    }

    /// <summary>Units that the last change was to start.</summary>
    public IReadOnlyList<string> Started => _run.Started;

    /// <summary>
    /// Where there is nothing to change: keeps what is applied where that is not kept yet. It is taken for confirmed, unless it is asked to go back
    /// by itself and was not confirmed before: then its time begins anew.
    /// </summary>
    /// <returns>Whether it still waits to be confirmed.</returns>
    public bool Settle(Manifest applied, CompiledTree tree, ConfirmRequest? confirm)
    {
        var generation = GenerationStore.Keep(applied, tree, DateTimeOffset.UtcNow);
        if (generation != applied.Generation)
        {
            GenerationStore.Commit(generation);
            ManifestStore.Save(applied with { Generation = generation });
        }

        if (confirm is not null && Confirmation.Pending() is { } pending)
        {
            Confirmation.Arm(systemctl, (confirm with { AllowUnconfine = confirm.AllowUnconfine || pending.AllowUnconfine }).ToRecord(pending.BackTo), confirm.Binary);
            GenerationStore.Prune(generation, pending.BackTo);
            return true;
        }

        Keep();
        GenerationStore.Prune(generation);
        return false;
    }

    /// <summary>Why a change cannot be one that goes back by itself, or null.</summary>
    public static string? RefuseConfirm(Manifest applied, CompiledTree tree, ApplyPlan plan, bool allowUnconfine)
    {
        if (applied.Generation == 0)
        {
            return "there is nothing to go back to: nothing was applied before";
        }

        CompiledTree before;
        try
        {
            before = GenerationStore.LoadTree(BackTo(applied));
        }
        catch (SystemFailure e)
        {
            return $"there is nothing to go back to: {e.Message}";
        }

        // Of all changes since what was confirmed last, not of this one alone.
        var lost = Units(tree).Except(Units(before), StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return lost.Count > 0 && !allowUnconfine
            ? $"going back by itself would take the confinement of {string.Join(", ", lost)} away again{(plan.Unconfined.Count > 0 ? $", and the change itself takes that of {string.Join(", ", plan.Unconfined)} away" : "")}; add --allow-unconfine if that is what you want"
            : null;
    }

    /// <summary>Goes back to a generation.</summary>
    /// <returns>What that changes.</returns>
    public ApplyPlan PrepareRollback(Manifest applied, int generation, out CompiledTree tree)
    {
        tree = GenerationStore.LoadTree(generation);
        Preflight.Run(tree);
        return _applier.Prepare(applied, tree);
    }

    /// <summary>Does what <see cref="PrepareRollback"/> found.</summary>
    /// <returns>Which units did not start; null where all did.</returns>
    public SystemFailure? Rollback(Manifest applied, int generation, CompiledTree tree, ApplyPlan plan)
    {
        SystemFailure? failure = null;
        if (plan.IsEmpty)
        {
            _applier.Verify(tree);
            ManifestStore.Save(applied with { Generation = generation });
        }
        else
        {
            FormerKeys.Keep(applied, tree);
            failure = _run.Run(applied, tree, plan, generation, stays: true);
        }

        Confirmation.Settle(systemctl);
        GenerationStore.Prune(generation);
        return failure;
    }

    /// <summary>The generation before what is applied: the last that was committed where a change was cut short; 0 where there is none.</summary>
    public static int Before(Manifest applied) => applied.IsWhole ? GenerationStore.Before(applied.Generation) : applied.Generation;

    private void Keep()
    {
        if (Confirmation.Settle(systemctl))
        {
            say("the change that waited to be confirmed stays");
        }
    }

    // What is not confirmed yet is nothing to go back to.
    private static int BackTo(Manifest applied) => Confirmation.Pending()?.BackTo ?? applied.Generation;

    private static IEnumerable<string> Units(CompiledTree tree) => tree.Namespaces.SelectMany(n => n.Units).Select(u => u.Name).Distinct(StringComparer.Ordinal);

    // Why a change whose units do not start is not taken back, "" where there is nothing to go back to; null where it is.
    private static string? KeptFrom(Manifest applied, CompiledTree tree, int generation)
    {
        if (applied.Generation == 0 || applied.Generation == generation)
        {
            return "";
        }

        try
        {
            var lost = Units(tree).Except(Units(GenerationStore.LoadTree(applied.Generation)), StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            return lost.Count == 0 ? null : $"going back would take the confinement of {string.Join(", ", lost)} away, so the new configuration stays";
        }
        catch (SystemFailure e)
        {
            return $"there is nothing to go back to ({e.Message}), so the new configuration stays";
        }
    }

    // What never was through is nothing to go back to, and where an unconfirmed change would go back to, the host is already.
    private void Back(int generation, int failed, PendingChange? consent)
    {
        if (consent is not null)
        {
            Confirmation.Save(consent);
        }

        if (failed != generation)
        {
            GenerationStore.Delete(failed);
            GenerationStore.Prune(generation, Confirmation.Pending()?.BackTo ?? generation);
        }

        if (Confirmation.Pending()?.BackTo == generation)
        {
            Confirmation.Settle(systemctl);
        }
    }
}
