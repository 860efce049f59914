using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Parts;

/// <summary>Repairs the parts of a namespace that are repaired in place: nothing is stopped for it.</summary>
internal static class PlaceRepair
{
    /// <summary>Repairs those of all namespaces that a change repairs in place.</summary>
    /// <exception cref="SystemFailure">As <see cref="Run"/>.</exception>
    internal static void RunAll(IReadOnlyList<PlannedRepair> repairs)
    {
        foreach (var repair in repairs)
        {
            Run(PlanStore.Load(repair.Namespace), static _ => { });
        }
    }

    /// <summary>Repairs them; a namespace that is down stays down.</summary>
    /// <param name="stored">By what it was brought up.</param>
    /// <param name="log">Takes a line for each thing done.</param>
    /// <exception cref="SystemFailure">
    /// Something failed; the namespace stays, with its ruleset or without links. Each step was tried.
    /// </exception>
    internal static void Run(StoredPlan stored, Action<string> log)
    {
        var (plan, steps) = (stored.Plan, new Teardown());
        steps.Try(() => NetnsUp.RepairInPlace(stored, log));
        steps.Try(() =>
        {
            if (plan.Pinning is not null && WireGuardRecord.Load(plan.Namespace) is not null)
            {
                EndpointPin.Up(plan, log);
            }
        });
        steps.Finish($"repair namespace {plan.Namespace}");
    }
}
