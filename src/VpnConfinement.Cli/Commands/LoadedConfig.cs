using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Cli.Commands;

/// <summary>A configuration as it was loaded.</summary>
/// <param name="Confinement">What is true, or null when the configuration is refused.</param>
/// <param name="Findings">All findings, in order.</param>
/// <param name="Sources">The texts that were read, by name.</param>
internal sealed record LoadedConfig(Confinement? Confinement, IReadOnlyList<Diagnostic> Findings, IReadOnlyDictionary<string, SourceText> Sources)
{
    /// <summary>The same with options named as in NixOS, whose configuration is one long line of JSON in the store.</summary>
    internal LoadedConfig InNix() => this with
    {
        Findings =
        [
            .. Findings.Select(f => f with
            {
                Path = NixOptionPath.Of(f.Path),
                ShowLine = f.ShowLine && !f.Span.File.EndsWith(".json", StringComparison.Ordinal),
            }),
        ],
    };
}
