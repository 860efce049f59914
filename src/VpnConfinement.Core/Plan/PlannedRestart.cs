namespace VpnConfinement.Plan;

/// <summary>A unit that is stopped, and started again if it was up.</summary>
/// <param name="Unit">Its name with suffix.</param>
/// <param name="Reasons">Why; at least one.</param>
public sealed record PlannedRestart(string Unit, IReadOnlyList<PlanReason> Reasons);
