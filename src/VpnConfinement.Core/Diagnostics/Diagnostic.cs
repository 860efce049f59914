using VpnConfinement.Text;

namespace VpnConfinement.Diagnostics;

/// <summary>One finding about what the user wrote: what is wrong, where, and what to do.</summary>
/// <param name="Code">Stable code, <c>VPC</c> and three digits.</param>
/// <param name="Severity">Whether the configuration is refused.</param>
/// <param name="Path">The option's path, such as <c>namespaces.media.dns.servers</c>; empty where no option is meant.</param>
/// <param name="Message">One sentence that says what is wrong. Never holds a secret.</param>
/// <param name="Remedy">One sentence that says what to do.</param>
/// <param name="Span">Where it was written.</param>
public sealed record Diagnostic(string Code, Severity Severity, string Path, string Message, string Remedy, SourceSpan Span)
{
    /// <summary>Whether the line may be shown: false where it may hold a key that is not in its place.</summary>
    public bool ShowLine { get; init; } = true;
}
