using VpnConfinement.Drift;

namespace VpnConfinement.Plan;

/// <summary>What <c>apply</c> sees of the host before it decides.</summary>
public sealed record HostObservation
{
    /// <summary>Hash of the file at a path, or null where there is none.</summary>
    public required Func<string, string?> HashOnDisk { get; init; }

    /// <summary>Paths of key copies that are missing on disk, hold another key or may be read by others than root.</summary>
    public IReadOnlySet<string> ChangedKeys { get; init; } = new HashSet<string>();

    /// <summary>Those of them that are missing or may be read by others.</summary>
    public IReadOnlySet<string> DamagedKeys { get; init; } = new HashSet<string>();

    /// <summary>The plan that a namespace was brought up by, where that is on disk as it was applied; null otherwise.</summary>
    public Func<string, NamespacePlan?> Applied { get; init; } = static _ => null;

    /// <summary>Temporary files that writes which were cut short left behind, as absolute paths.</summary>
    public IReadOnlyList<string> LeftOvers { get; init; } = [];

    /// <summary>What is kept to go back to and is damaged.</summary>
    public IReadOnlyList<DriftEntry> DamagedGenerations { get; init; } = [];

    /// <summary>What of the namespaces is not as it was brought up.</summary>
    public IReadOnlyList<DriftEntry> Namespaces { get; init; } = [];

    /// <summary>Confined units with processes on the host's network, which have to be restarted.</summary>
    public IReadOnlySet<string> Misplaced { get; init; } = new HashSet<string>();

    /// <summary>Namespaces that are up and have no watcher.</summary>
    public IReadOnlySet<string> Unwatched { get; init; } = new HashSet<string>();

    /// <summary>Socket units of published ports that are down.</summary>
    public IReadOnlySet<string> DownPublished { get; init; } = new HashSet<string>();
}
