namespace VpnConfinement.Linux.Verify;

/// <summary>A confined service that is looked at.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Unit">Its full name; an instance, not a template.</param>
/// <param name="Definition">The name that its drop-in has: the template's, of an instance.</param>
/// <param name="ControlGroup">Its control group; empty where it has none.</param>
/// <param name="Stored">How many descriptors systemd keeps for it.</param>
internal sealed record VerifiedService(
    string Namespace, string Unit, string Definition, string ControlGroup, string? Stored)
{
    /// <summary>Its processes now.</summary>
    /// <exception cref="SystemFailure">Its control group cannot be listed.</exception>
    internal IReadOnlyList<int> Processes() => Systemd.ControlGroup.Processes(ControlGroup);

    /// <summary>Whether it has processes now. Not knowing is yes.</summary>
    internal bool MayRun()
    {
        try
        {
            return Processes().Count > 0;
        }
        catch (SystemFailure)
        {
            // Whoever lists them next is told the same, and says it.
            return true;
        }
    }
}
