using VpnConfinement.Drift;

namespace VpnConfinement.Plan;

/// <summary>What <c>apply</c> sees of the host before it decides.</summary>
public sealed record HostObservation
{
    /// <summary>Hash of the file at a path, or null where there is none.</summary>
    public required Func<string, string?> HashOnDisk { get; init; }

    /// <summary>Paths of key copies that are missing on disk, hold another key or may be read by others than root.</summary>
    public IReadOnlySet<string> ChangedKeys { get; init; } = new HashSet<string>();

    /// <summary>The plan that a namespace was brought up by, where that is on disk as it was applied; null otherwise.</summary>
    public Func<string, NamespacePlan?> Applied { get; init; } = static _ => null;

    /// <summary>Temporary files that writes which were cut short left behind, as absolute paths.</summary>
    public IReadOnlyList<string> LeftOvers { get; init; } = [];

    /// <summary>What of the parts is not as it was applied (<see cref="PartList"/>).</summary>
    public IReadOnlyList<DriftEntry> Drift { get; init; } = [];

    /// <summary>Those of the namespaces.</summary>
    public IEnumerable<DriftEntry> Namespaces => Drift.Where(entry => entry.Kind is DriftKind.Namespace);

    /// <summary>Key copies that were applied and are missing, or may be read by others than root.</summary>
    public IReadOnlySet<string> DamagedKeys => ToRepair(DriftKind.Key);

    /// <summary>
    /// Confined units with processes outside their namespace, or that listen outside, which have to be restarted.
    /// </summary>
    public IReadOnlySet<string> Misplaced => ToRepair(DriftKind.Unit);

    /// <summary>Namespaces that are up and have no watcher, or one of a program that was replaced.</summary>
    public IReadOnlySet<string> Unwatched => ToRepair(DriftKind.Watcher);

    /// <summary>Socket units of published ports that are down.</summary>
    public IReadOnlySet<string> DownPublished => ToRepair(DriftKind.Published);

    // What is undone by hand is not undone by a restart.
    private HashSet<string> ToRepair(DriftKind kind) => Drift
        .Where(entry => entry.Kind == kind && entry.IsToRepair && entry.Repair is not PartRepair.Hand)
        .Select(entry => entry.Subject).ToHashSet(StringComparer.Ordinal);
}
