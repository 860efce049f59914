namespace VpnConfinement.Plan;

/// <summary>What <c>apply</c> sees of the host before it decides.</summary>
public sealed record HostObservation
{
    /// <summary>Hash of the file at a path, or null where there is none.</summary>
    public required Func<string, string?> HashOnDisk { get; init; }

    /// <summary>Paths of key copies that are missing on disk or hold another key.</summary>
    public IReadOnlySet<string> ChangedKeys { get; init; } = new HashSet<string>();

    /// <summary>Namespaces that are not in the kernel as they were brought up.</summary>
    public IReadOnlySet<string> Damaged { get; init; } = new HashSet<string>();

    /// <summary>Confined units with processes on the host's network, which have to be restarted.</summary>
    public IReadOnlySet<string> Misplaced { get; init; } = new HashSet<string>();

    /// <summary>Namespaces that are up and have no watcher.</summary>
    public IReadOnlySet<string> Unwatched { get; init; } = new HashSet<string>();

    /// <summary>Socket units of published ports that are down.</summary>
    public IReadOnlySet<string> DownPublished { get; init; } = new HashSet<string>();
}
