namespace VpnConfinement.Plan;

/// <summary>A namespace of which parts are repaired in place: nothing is stopped for it.</summary>
/// <param name="Namespace">Its name.</param>
/// <param name="Reasons">What is not as it was brought up; at least one.</param>
public sealed record PlannedRepair(string Namespace, IReadOnlyList<PlanReason> Reasons);
