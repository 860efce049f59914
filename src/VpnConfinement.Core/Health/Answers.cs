namespace VpnConfinement.Health;

/// <summary>What the watcher found of whoever is asked.</summary>
/// <param name="State">What it found.</param>
/// <param name="Since">Since when it is so.</param>
public sealed record Answers(AnswerState State, DateTimeOffset Since);
