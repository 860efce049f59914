using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>A service that is being checked.</summary>
/// <param name="Written">What the configuration says about it.</param>
/// <param name="Unit">Its name.</param>
/// <param name="RealName">Its unit's own name.</param>
/// <param name="Settings">What its unit says; nothing for one that is not installed yet.</param>
/// <param name="Namespace">The namespace that it is confined to, or null where that was refused.</param>
/// <param name="Findings">Takes what is wrong.</param>
internal sealed record ServiceUnit(ServiceConfig Written, UnitName Unit, string RealName, UnitSettings Settings, NamespaceConfig? Namespace, DiagnosticBag Findings)
{
    private IReadOnlyList<UnitPath>? _needed;
    private IReadOnlyList<string>? _hidden;

    /// <summary>The paths that it needs, found once.</summary>
    internal IReadOnlyList<UnitPath> Needed => _needed ??= [.. UnitPath.Needed(this)];

    /// <summary>The places that its unit hides from it, found once.</summary>
    internal IReadOnlyList<string> Hidden => _hidden ??= [.. UnitPath.Hidden(this)];

    internal bool HighAssurance => ProfileRules.Of(Namespace) == SecurityProfile.HighAssurance;

    /// <summary>The profile: strict in highAssurance unless something else is written.</summary>
    internal HardeningProfile Hardening => Written.Hardening?.Value ?? (HighAssurance ? HardeningProfile.Strict : HardeningProfile.Baseline);

    internal void Error(string code, string message, string remedy) => Findings.Error(code, Written.Path, Written.Name.Span, message, remedy);

    internal void Warning(string code, string message, string remedy) => Findings.Warning(code, Written.Path, Written.Name.Span, message, remedy);

    internal void Notice(string code, string message, string remedy) => Findings.Notice(code, Written.Path, Written.Name.Span, message, remedy);

    /// <summary>What is an error with one code in highAssurance and a warning with another elsewhere.</summary>
    internal void Weak(string highAssurance, string balanced, string message, string remedy) =>
        Weak(highAssurance, balanced, Written.Path, Written.Name.Span, message, remedy);

    /// <inheritdoc cref="Weak(string, string, string, string)"/>
    internal void Weak(string highAssurance, string balanced, string path, SourceSpan span, string message, string remedy)
    {
        if (HighAssurance)
        {
            Findings.Error(highAssurance, path, span, message, remedy);
        }
        else
        {
            Findings.Warning(balanced, path, span, message, remedy);
        }
    }
}
