using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>A plan with the ruleset that belongs to it.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Ruleset">The text that loads table <c>inet vpnc</c>, one transaction that replaces it.</param>
public sealed record StoredPlan(NamespacePlan Plan, string Ruleset);
