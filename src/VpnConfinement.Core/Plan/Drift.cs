namespace VpnConfinement.Plan;

/// <summary>Something on the host that is not as it was applied.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Subject">Its path or name.</param>
/// <param name="Text">What is wrong with it, as a sentence without its full stop.</param>
public sealed record Drift(DriftKind Kind, string Subject, string Text);
