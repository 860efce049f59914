using VpnConfinement.Change;
using VpnConfinement.Compile;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>What a change is made on: this host, or a model of one in tests.</summary>
internal interface IChangeHost
{
    /// <summary>Begins a change: what an earlier one has written is no longer put back.</summary>
    void Begin();

    /// <summary>What the manifest says.</summary>
    /// <exception cref="SystemFailure">It cannot be read.</exception>
    Manifest Recorded();

    /// <summary>The tree of a kept generation.</summary>
    /// <exception cref="SystemFailure">There is no going back to it.</exception>
    CompiledTree Kept(int generation);

    /// <summary>What bringing the host to a tree takes.</summary>
    /// <exception cref="SystemFailure">The host cannot be read, or something foreign is in the way.</exception>
    ApplyPlan Plan(Manifest applied, CompiledTree tree);

    /// <summary>Looks at the units that a plan concerns.</summary>
    /// <exception cref="SystemFailure">They cannot be seen.</exception>
    ChangeObservation Observe(Manifest applied, ApplyPlan plan);

    /// <summary>Does one step, whatever else there is to do.</summary>
    /// <exception cref="SystemFailure">The system refused; part of the step may be done.</exception>
    void Do(ChangeStep step);

    /// <summary>Starts units, each of them, and waits.</summary>
    /// <returns>Which are down, or what systemd refused; null where all are up.</returns>
    SystemFailure? Start(ChangeStep.Start step);

    /// <summary>Those of some units that are neither up nor about to start.</summary>
    /// <exception cref="SystemFailure">They cannot be seen.</exception>
    IReadOnlySet<string> DownAmong(IReadOnlyList<string> units);

    /// <summary>Puts back what undone steps have written, and starts what they have stopped.</summary>
    /// <param name="cause">Why.</param>
    /// <exception cref="SystemFailure">
    /// Not everything could be put back; the message says what, and the cause.
    /// </exception>
    void Undo(Exception cause);
}
