namespace VpnConfinement.Doctor;

/// <summary>One finding of <c>doctor</c>.</summary>
/// <param name="Code">Stable code of words, such as <c>mtu-too-large</c>; docs/diagnostics.md has it.</param>
/// <param name="Severity">How much it weighs.</param>
/// <param name="Namespace">The namespace that it is about; null for the host.</param>
/// <param name="Message">What is so, in sentences. Never holds a private key.</param>
/// <param name="Remedy">What to type or to do next, in sentences.</param>
public sealed record DoctorFinding(
    string Code, DoctorSeverity Severity, string? Namespace, string Message, string Remedy);
