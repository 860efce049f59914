using VpnConfinement.Drift;

namespace VpnConfinement.Watch;

/// <summary>What a <see cref="RepairMachine"/> is told.</summary>
public abstract record RepairEvent
{
    private RepairEvent()
    {
    }

    /// <summary>The watcher has started.</summary>
    /// <param name="Now">When, in milliseconds of any one clock.</param>
    /// <param name="AreServicesWaiting">Whether the record of services that come back with the tunnel has any.</param>
    public sealed record Began(long Now, bool AreServicesWaiting) : RepairEvent;

    /// <summary>The namespace was compared with what was applied.</summary>
    /// <param name="Now">When, on the same clock.</param>
    /// <param name="Drift">What differs.</param>
    public sealed record Looked(long Now, IReadOnlyList<DriftEntry> Drift) : RepairEvent;

    /// <summary>The answer to <see cref="RepairAction.AskUnits"/>.</summary>
    /// <param name="Units">The state of each of <see cref="RepairMachine.Units"/>.</param>
    public sealed record UnitsSeen(IReadOnlyDictionary<string, UnitNow> Units) : RepairEvent;

    /// <summary>The last action was carried out.</summary>
    public sealed record Done : RepairEvent;

    /// <summary>The last action failed, or something else that the watcher does.</summary>
    /// <param name="Reason">Why, as a sentence without its full stop.</param>
    public sealed record Failed(string Reason) : RepairEvent;
}
