namespace VpnConfinement.Health;

/// <summary>The state of one part and what led to it.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">Why, as a sentence without its full stop.</param>
/// <param name="Since">Since when it is so, where that is known.</param>
/// <param name="Remedy">What to do or to type next; null where nothing has to be done.</param>
public sealed record Condition(HealthState State, string Reason, DateTimeOffset? Since = null, string? Remedy = null);
