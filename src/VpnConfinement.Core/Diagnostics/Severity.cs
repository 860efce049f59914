namespace VpnConfinement.Diagnostics;

/// <summary>How much a finding weighs.</summary>
public enum Severity
{
    /// <summary>The configuration is refused.</summary>
    Error,

    /// <summary>The configuration is accepted; the user should know. An error under <c>--strict</c>.</summary>
    Warning,

    /// <summary>Something was done that the user may not expect; never an error.</summary>
    Notice,
}
