using VpnConfinement.Plan;

namespace VpnConfinement.Drift;

/// <summary>A part of one namespace, which its plan wants and its units make.</summary>
public sealed record NamespacePart : Part
{
    /// <summary>Whether it is there while the namespace is down as well.</summary>
    public bool IsThereWhileDown { get; init; }

    /// <summary>The differences between what its namespace's plan wants of it and what was seen.</summary>
    public required Func<NamespacePlan, NamespaceObservation, IEnumerable<PartDifference>> Compare { get; init; }
}
