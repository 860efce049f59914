namespace VpnConfinement.Drift;

/// <summary>
/// The host as it is now, beside the kernel objects of namespaces, with what was applied of each thing. What is empty
/// or null was not looked at: a look may be at one unit alone.
/// </summary>
public sealed record HostState
{
    /// <summary>Whether the last change is under way, or was cut short.</summary>
    public bool IsUnderWay { get; init; }

    /// <summary>Temporary files of writes that were cut short, as absolute paths.</summary>
    public Observation<IReadOnlyList<string>>? TemporaryFiles { get; init; }

    /// <summary>What is kept to go back to.</summary>
    public Observation<KeptState>? Kept { get; init; }

    /// <summary>Files of ours.</summary>
    public IReadOnlyList<FileState> Files { get; init; } = [];

    /// <summary>Copies of keys that were applied: whether each is there, and root alone may read it.</summary>
    public IReadOnlyList<SeenItem<bool>> Keys { get; init; } = [];

    /// <summary>
    /// The plan and ruleset of each namespace; unknown where they cannot be read, or are not of one another.
    /// </summary>
    public IReadOnlyList<SeenItem<bool>> Records { get; init; } = [];

    /// <summary>Confined units and forwarders as systemd has them loaded.</summary>
    public IReadOnlyList<LoadedUnit> Units { get; init; } = [];

    /// <summary>Start gates and watchers as systemd has them loaded.</summary>
    public IReadOnlyList<OwnUnit> OwnUnits { get; init; } = [];

    /// <summary>The processes of confined units and of forwarders.</summary>
    public IReadOnlyList<UnitProcesses> Processes { get; init; } = [];

    /// <summary>What confined services see, by each mount namespace of theirs.</summary>
    public IReadOnlyList<ServiceView> Views { get; init; } = [];

    /// <summary>The sockets of confined services, by descriptor.</summary>
    public IReadOnlyList<ServiceSockets> Descriptors { get; init; } = [];

    /// <summary>Where confined socket units listen.</summary>
    public IReadOnlyList<ListeningSocket> Sockets { get; init; } = [];

    /// <summary>Sockets of published ports.</summary>
    public IReadOnlyList<PublishedSocket> Published { get; init; } = [];

    /// <summary>Watchers of the namespaces that are up.</summary>
    public IReadOnlyList<WatcherState> Watchers { get; init; } = [];
}
