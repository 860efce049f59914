namespace VpnConfinement.Doctor;

/// <summary>One fact about the host, for a person and for <c>--json</c>.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Value">What is so; null where it could not be told.</param>
/// <param name="Reason">Why it could not be told; null where it could.</param>
public sealed record FactLine(string Name, string? Value, string? Reason);
