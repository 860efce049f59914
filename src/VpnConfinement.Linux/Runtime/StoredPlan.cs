using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>A plan with the ruleset that belongs to it.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Ruleset">The text that defines table <c>inet vpnc</c>.</param>
public sealed record StoredPlan(NamespacePlan Plan, string Ruleset);
