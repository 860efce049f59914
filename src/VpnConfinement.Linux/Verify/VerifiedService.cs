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
    internal IReadOnlyList<int> Processes() => Systemd.ControlGroup.Processes(ControlGroup);
}
