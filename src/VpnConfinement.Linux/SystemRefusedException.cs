namespace VpnConfinement.Linux;

/// <summary>The machine refused or failed (exit status 3): what was being done and why it did not work, and what the user can do.</summary>
/// <param name="message">What was being done, and what went wrong. Never holds a secret.</param>
/// <param name="remedy">What to do.</param>
/// <param name="inner">The cause, where there is one.</param>
public sealed class SystemRefusedException(string message, string remedy, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What to do.</summary>
    public string Remedy { get; } = remedy;
}
