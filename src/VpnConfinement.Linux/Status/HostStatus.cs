using VpnConfinement.Health;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Status;

/// <summary>What <c>status</c> saw.</summary>
public sealed record HostStatus
{
    /// <summary>The worst of all that was seen, in three words.</summary>
    public Verdict Verdict => Verdicts.Of(State);

    /// <summary>The worst of all that was seen; it decides the exit status.</summary>
    public HealthState State => HealthStates.Worst(Health.Select(h => h.State));

    /// <summary>Every part with its state, the worst first.</summary>
    public required IReadOnlyList<HealthEntry> Health { get; init; }

    /// <summary>The applied namespaces in ordinal order.</summary>
    public required IReadOnlyList<NamespaceStatus> Namespaces { get; init; }

    /// <summary>What is wrong or could not be told and belongs to no one namespace, in plain words.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>The change that goes back by itself unless it is confirmed, or null.</summary>
    public required PendingChange? Unconfirmed { get; init; }

    /// <summary>The same with one part more.</summary>
    public HostStatus With(HealthEntry entry) => this with { Health = HealthEntry.WorstFirst([.. Health, entry]) };
}
