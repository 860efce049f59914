using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Cli.Commands;

/// <summary>A configuration as it was loaded.</summary>
/// <param name="Confinement">What is true, or null when the configuration is refused.</param>
/// <param name="Findings">All findings, in order.</param>
/// <param name="Sources">The texts that were read, by name.</param>
internal sealed record LoadedConfig(Confinement? Confinement, IReadOnlyList<Diagnostic> Findings, IReadOnlyDictionary<string, SourceText> Sources);
