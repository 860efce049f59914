namespace VpnConfinement.Watch;

/// <summary>
/// What a <see cref="RepairMachine"/> wants done. Where <see cref="HasOutcome"/>, the machine is told next how it went.
/// </summary>
public abstract record RepairAction
{
    private RepairAction()
    {
    }

    /// <summary>Whether an event answers it. Such an action is the last of its list.</summary>
    public virtual bool HasOutcome => true;

    /// <summary>
    /// Repair the parts that are repaired in place (<see cref="Drift.PartRepair.InPlace"/>), unless another plan is
    /// being applied.
    /// </summary>
    public sealed record RepairInPlace : RepairAction;

    /// <summary>Ask systemd for the states of <see cref="RepairMachine.Units"/>.</summary>
    public sealed record AskUnits : RepairAction;

    /// <summary>Ask systemd to start a unit, without waiting.</summary>
    /// <param name="Unit">The unit.</param>
    public sealed record Start(string Unit) : RepairAction;

    /// <summary>Ask systemd to restart a unit where it is up, with what depends on it, without waiting.</summary>
    /// <param name="Unit">The unit.</param>
    public sealed record Restart(string Unit) : RepairAction;

    /// <summary>Write an entry to the journal.</summary>
    /// <param name="Priority">Its priority.</param>
    /// <param name="What">A word that stays the same, VPNC_EVENT.</param>
    /// <param name="Message">A sentence without its full stop.</param>
    /// <param name="Unit">The unit that it is about, or null.</param>
    /// <param name="Milliseconds">How long it took, or null.</param>
    public sealed record Entry(
        EntryPriority Priority, string What, string Message, string? Unit = null, long? Milliseconds = null)
        : RepairAction
    {
        /// <inheritdoc/>
        public override bool HasOutcome => false;
    }

    /// <summary>Say in the watcher's status line which parts are changed again after each repair.</summary>
    /// <param name="Parts">Their names, or null for none.</param>
    public sealed record TellContested(string? Parts) : RepairAction
    {
        /// <inheritdoc/>
        public override bool HasOutcome => false;
    }
}
