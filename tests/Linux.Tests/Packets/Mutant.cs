namespace VpnConfinement.Linux.Tests.Packets;

/// <summary>A ruleset with one thing changed.</summary>
/// <param name="Change">What was changed, the same words in every ruleset that has the same rule.</param>
/// <param name="Ruleset">The changed text.</param>
internal sealed record Mutant(string Change, string Ruleset);
