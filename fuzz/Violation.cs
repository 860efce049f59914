namespace VpnConfinement.Fuzz;

/// <summary>A property that an input breaks.</summary>
public sealed class Violation(string what) : Exception(what);
