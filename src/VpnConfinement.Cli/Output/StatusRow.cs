using VpnConfinement.Health;

namespace VpnConfinement.Cli.Output;

/// <summary>One statement of <c>status</c>, before it is fitted to a width.</summary>
/// <param name="Level">How deep it stands: 0 for a namespace and what is told of the host.</param>
/// <param name="State">The state that its mark shows; null for a row without one.</param>
/// <param name="Text">The statement.</param>
/// <param name="IsQuote">Whether it quotes a journal.</param>
internal sealed record StatusRow(int Level, HealthState? State, string Text, bool IsQuote = false);
