namespace VpnConfinement.Plan;

/// <summary>What a namespace was brought up by.</summary>
/// <param name="Plan">Its plan.</param>
/// <param name="Ruleset">Its ruleset.</param>
public sealed record AppliedNamespace(NamespacePlan Plan, string Ruleset);
