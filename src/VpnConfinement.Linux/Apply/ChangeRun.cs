using VpnConfinement.Change;
using VpnConfinement.Compile;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>Does the steps of a change, one by one, in the order that <see cref="ChangeSteps"/> decided.</summary>
/// <param name="host">On what.</param>
internal sealed class ChangeRun(IChangeHost host)
{
    // Units stopped by a failed run. The run that rolls back starts them again.
    private readonly List<string> _stopped = [];

    /// <summary>On what.</summary>
    internal IChangeHost Host => host;

    /// <summary>Units that the last change was to start; none where it failed.</summary>
    internal IReadOnlyList<string> Started { get; private set; } = [];

    /// <summary>Does them.</summary>
    /// <param name="applied">What was applied last.</param>
    /// <param name="tree">What is to be.</param>
    /// <param name="plan">What that changes.</param>
    /// <param name="generation">The number under which <paramref name="tree"/> is kept.</param>
    /// <param name="stays">Whether the change stays though units do not start.</param>
    /// <returns>Which units did not start, where the change stays all the same; null where all did.</returns>
    /// <exception cref="SystemFailure">
    /// The system refused something. Files are as they were, or every changed unit is stopped.
    /// </exception>
    internal SystemFailure? Run(Manifest applied, CompiledTree tree, ApplyPlan plan, int generation, bool stays)
    {
        host.Begin();
        var seen = host.Observe(applied, plan) with { Stopped = [.. _stopped] };
        var steps = ChangeSteps.Of(applied, tree, plan, seen, generation, stays);
        var failures = new List<SystemFailure>();
        foreach (var step in steps)
        {
            try
            {
                Do(step, failures);
            }
            catch (Exception e) when (step.IsUndone) // whatever it was: nothing may stay half written
            {
                host.Undo(e);
                throw;
            }
        }

        Started = [.. steps.OfType<ChangeStep.Start>().SelectMany(s => s.Units)];
        return One(failures);
    }

    private void Do(ChangeStep step, List<SystemFailure> failures)
    {
        switch (step)
        {
            case ChangeStep.StopServices stop:
                _stopped.AddRange(stop.Returning);
                host.Do(step);
                break;
            case ChangeStep.Start start:
                failures.AddRange(host.Start(start) is { } failure ? [failure] : []);
                break;
            case ChangeStep.RequireStarted:
                if (One(failures) is { } refused)
                {
                    throw refused;
                }

                break;
            case ChangeStep.RecordStarted record:
                host.Do(new ChangeStep.Record(failures.Count == 0 ? record.Manifest : record.Manifest with
                {
                    Unstarted = [.. host.DownAmong(record.Units).Order(StringComparer.Ordinal)],
                }));
                break;
            default:
                host.Do(step);
                break;
        }
    }

    private static SystemFailure? One(List<SystemFailure> failures) => failures.Count < 2
        ? failures.FirstOrDefault()
        : new SystemFailure(string.Join("; ", failures.Select(f => f.Message)), failures[0].Remedy ?? "", failures[0]);
}
