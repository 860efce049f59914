namespace VpnConfinement.Validation;

/// <summary>What the host says about everything that the configuration names. The validator is pure: it asks nothing, it is told.</summary>
public sealed record HostFacts
{
    /// <summary>Files by the path that the configuration gives.</summary>
    public required IReadOnlyDictionary<string, FileFact> Files { get; init; }

    /// <summary>Units by name with suffix.</summary>
    public required IReadOnlyDictionary<string, UnitFact> Units { get; init; }

    /// <summary>The fact about a file; one that nobody looked at is unreadable, never fine.</summary>
    public FileFact File(string path) => Files.GetValueOrDefault(path) ?? new FileFact.Unreadable("it was not looked at");

    /// <summary>The fact about a unit; one that nobody looked at is unreadable, never fine.</summary>
    public UnitFact Unit(string name) => Units.GetValueOrDefault(name) ?? new UnitFact.Unreadable("it was not looked at");
}
