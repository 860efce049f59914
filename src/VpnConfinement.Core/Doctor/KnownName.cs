namespace VpnConfinement.Doctor;

/// <summary>A name of the user's that a report may not have.</summary>
/// <param name="Kind">What it names, as <c>namespace</c>: one lower-case word.</param>
/// <param name="Name">The name.</param>
public sealed record KnownName(string Kind, string Name);
