using VpnConfinement.State;

namespace VpnConfinement.Plan;

/// <summary>A namespace whose tunnel goes down.</summary>
/// <param name="Namespace">The namespace as it was applied.</param>
/// <param name="ComesBack">Whether the configuration still has it, with the same interface.</param>
/// <param name="Reasons">Why; at least one.</param>
public sealed record PlannedStop(ManifestNamespace Namespace, bool ComesBack, IReadOnlyList<PlanReason> Reasons);
