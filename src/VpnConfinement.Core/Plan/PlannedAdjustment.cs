namespace VpnConfinement.Plan;

/// <summary>A namespace whose tunnel is changed while it is up, and stays up with its services; one that is down comes up changed.</summary>
/// <param name="Namespace">Its name.</param>
/// <param name="Reasons">Why; at least one.</param>
/// <param name="Ruleset">How its ruleset changes.</param>
public sealed record PlannedAdjustment(string Namespace, IReadOnlyList<PlanReason> Reasons, RulesetChange Ruleset);
