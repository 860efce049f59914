using VpnConfinement.Compile;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Change;

/// <summary>
/// One step of a change: all that a change ever does to the host, as a closed list (docs/adr/0021). Which steps there
/// are, and in which order, is decided by <see cref="ChangeSteps"/> alone. A step names its subjects; what only the
/// moment of the step can tell is said with it.
/// </summary>
public abstract record ChangeStep
{
    private ChangeStep()
    {
    }

    /// <summary>
    /// Whether a failure of it puts back what was written so far, and starts what it has stopped again, as it was. A
    /// failure of any other step leaves the host between two generations, and has it go back to the former one.
    /// </summary>
    public bool IsUndone { get; init; }

    /// <summary>Makes sure of tables that another version loaded, by which a later change could not be told.</summary>
    /// <param name="Namespaces">Namespaces that stay up.</param>
    public sealed record RenewTables(IReadOnlyList<string> Namespaces) : ChangeStep;

    /// <summary>Stops watchers, which are started again where the writing is undone.</summary>
    /// <param name="Units">Their units.</param>
    public sealed record PauseWatchers(IReadOnlyList<string> Units) : ChangeStep;

    /// <summary>Writes the manifest.</summary>
    /// <param name="Manifest">What it says from then on.</param>
    public sealed record Record(Manifest Manifest) : ChangeStep;

    /// <summary>Writes copies of keys. One in place, as only a look at the secret tells, is left alone.</summary>
    /// <param name="Keys">The keys of the tree.</param>
    public sealed record WriteKeys(IReadOnlyList<KeySource.Copied> Keys) : ChangeStep;

    /// <summary>Writes files, in this order.</summary>
    /// <param name="Files">The files.</param>
    public sealed record WriteFiles(IReadOnlyList<GeneratedFile> Files) : ChangeStep;

    /// <summary>Has systemd read all unit files again.</summary>
    public sealed record Reload : ChangeStep;

    /// <summary>Compares what systemd has loaded with what was written: a unit may not start unconfined.</summary>
    /// <param name="Tree">What was compiled.</param>
    public sealed record CheckLoaded(CompiledTree Tree) : ChangeStep;

    /// <summary>Tells the user of something.</summary>
    /// <param name="Text">A line.</param>
    public sealed record Tell(string Text) : ChangeStep;

    /// <summary>
    /// Changes living tunnels. Which of them went down meanwhile is seen at that moment: such a one comes up changed.
    /// Where this fails, what is up is under the old ruleset or the new one, or has no link.
    /// </summary>
    /// <param name="Living">The namespaces that are up, and how they change.</param>
    /// <param name="Plans">What each is to be.</param>
    public sealed record Adjust(IReadOnlyList<PlannedAdjustment> Living, IReadOnlyList<NamespacePlan> Plans)
        : ChangeStep;

    /// <summary>Repairs parts of a namespace in place.</summary>
    /// <param name="Repairs">The namespaces, and why.</param>
    public sealed record RepairInPlace(IReadOnlyList<PlannedRepair> Repairs) : ChangeStep;

    /// <summary>Stops units of ours. Those that systemd does not know are passed over, since it refuses them.</summary>
    /// <param name="Units">The units.</param>
    public sealed record StopUnits(IReadOnlyList<string> Units) : ChangeStep;

    /// <summary>
    /// Stops tunnels before services that are frozen at that moment are thawed: what is thawed to be stopped runs
    /// until it has ended, and where the tunnel has to go anyway, it goes first.
    /// </summary>
    /// <param name="Services">The services that are stopped next.</param>
    /// <param name="Tunnels">The units of the tunnels that go down.</param>
    public sealed record CutOffFrozen(IReadOnlyList<string> Services, IReadOnlyList<string> Tunnels) : ChangeStep;

    /// <summary>Stops those of some units that are up at that moment: one may have ended by itself meanwhile.</summary>
    /// <param name="Units">The units, sockets first.</param>
    /// <param name="Returning">Those of them that can be started again.</param>
    public sealed record StopServices(IReadOnlyList<string> Units, IReadOnlyList<string> Returning) : ChangeStep;

    /// <summary>
    /// Takes a namespace down where its units could not clean up behind themselves. Whose the netns of its name is,
    /// is seen at that moment: a foreign one stays.
    /// </summary>
    /// <param name="Namespace">Its name.</param>
    public sealed record TakeDown(string Namespace) : ChangeStep;

    /// <summary>
    /// Makes sure that no process of a stopped unit is left on the host's network (KillMode=process): the service may
    /// not start beside it.
    /// </summary>
    /// <param name="Units">The units.</param>
    public sealed record CheckEmptied(IReadOnlyList<string> Units) : ChangeStep;

    /// <summary>Closes what systemd keeps for stopped units (FDSTORE=1): a socket from before is of the host.</summary>
    /// <param name="Units">The units.</param>
    public sealed record CleanStores(IReadOnlyList<string> Units) : ChangeStep;

    /// <summary>Makes the host's unreachable routes of all host links be there, and no other of ours.</summary>
    /// <param name="Tree">What is to be.</param>
    public sealed record EnsureRoutes(CompiledTree Tree) : ChangeStep;

    /// <summary>Deletes files of ours. One that somebody else put there meanwhile is left.</summary>
    /// <param name="Paths">Absolute paths.</param>
    public sealed record Delete(IReadOnlyList<string> Paths) : ChangeStep;

    /// <summary>
    /// Forgets failures of units that are no more. A gate that refused would count as a failed unit for ever, and so
    /// would a pinning that waited for the tunnel to go.
    /// </summary>
    /// <param name="Gates">Patterns of gates.</param>
    /// <param name="Pinnings">Pinnings, of those that failed; systemd refuses one that it does not know.</param>
    public sealed record ForgetFailures(IReadOnlyList<string> Gates, IReadOnlyList<string> Pinnings) : ChangeStep;

    /// <summary>
    /// Has systemd forget failures over what the change has made right, and starts a tunnel that services wait for.
    /// Which units have failed, and which services wait, is seen at that moment.
    /// </summary>
    /// <param name="Plan">What the change takes down, changes and restarts.</param>
    /// <param name="Tree">What is to be.</param>
    public sealed record SettleFailures(ApplyPlan Plan, CompiledTree Tree) : ChangeStep;

    /// <summary>Makes a kept generation the one that counts.</summary>
    /// <param name="Generation">Its number.</param>
    public sealed record Commit(int Generation) : ChangeStep;

    /// <summary>Starts units and waits for them. One that fails keeps no other from its start.</summary>
    /// <param name="Units">The units, sockets first.</param>
    /// <param name="Failure">What a failure says of those that are down then.</param>
    public sealed record Start(IReadOnlyList<string> Units, string Failure) : ChangeStep;

    /// <summary>Fails where a start before it has failed: the change goes back.</summary>
    public sealed record RequireStarted : ChangeStep;

    /// <summary>Writes the manifest; where a start has failed, with those that are down at that moment.</summary>
    /// <param name="Manifest">What it says from then on.</param>
    /// <param name="Units">The units that were to start.</param>
    public sealed record RecordStarted(Manifest Manifest, IReadOnlyList<string> Units) : ChangeStep;

    /// <summary>
    /// Starts watchers. Nothing depends on one: without it the namespace is as closed, and 'status' says so.
    /// </summary>
    /// <param name="Units">Their units.</param>
    public sealed record Watch(IReadOnlyList<string> Units) : ChangeStep;
}
