namespace VpnConfinement.Model;

/// <summary>A service that opted in, with what its own unit says as far as it decides what we write.</summary>
public sealed record ConfinedService
{
    /// <summary>Unit name with suffix.</summary>
    public required UnitName Unit { get; init; }

    /// <summary>How much hardening the drop-in adds.</summary>
    public required HardeningProfile Hardening { get; init; }

    /// <summary>Address families beyond those of the profile, as <c>AF_INET6</c>.</summary>
    public required IReadOnlyList<string> ExtraAddressFamilies { get; init; }

    /// <summary>Paths under /run that the service still needs.</summary>
    public required IReadOnlyList<string> RunPaths { get; init; }

    /// <summary>Paths that it may write although its profile makes them read-only.</summary>
    public required IReadOnlyList<string> WritePaths { get; init; }

    /// <summary>Folders below /run that its own commands make, as names; systemd makes them before each start.</summary>
    public required IReadOnlyList<string> MadeRunFolders { get; init; }

    /// <summary>Leave out MemoryDenyWriteExecute under strict hardening.</summary>
    public required bool AllowJit { get; init; }

    /// <summary>Restrict listening to the namespace's ingress ports.</summary>
    public required bool RestrictBind { get; init; }

    /// <summary>Capabilities of the configuration, as <c>CAP_CHOWN</c>, ordinal order, each once.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>What of isolation the configuration gives back.</summary>
    public required IReadOnlySet<IsolationOptOut> Allow { get; init; }

    /// <summary>What happens without the tunnel.</summary>
    public required OnTunnelLoss OnTunnelLoss { get; init; }

    /// <summary>Whether it has a user of its own, whose processes have only capabilities that are ambient.</summary>
    public required bool HasOwnUser { get; init; }

    /// <summary>The user namespace that the drop-in gives it.</summary>
    public required UserMapping UserMapping { get; init; }

    /// <summary>Settings of section [Service] that the unit makes itself; our hardening leaves those alone.</summary>
    public required IReadOnlySet<string> OwnSettings { get; init; }

    /// <summary>Whether its unit was there to be read.</summary>
    public required bool IsInstalled { get; init; }

    /// <summary>The unit's own SystemCallErrorNumber= as written; null where it has none.</summary>
    public required string? SystemCallErrorNumber { get; init; }

    /// <summary>Capabilities that the unit asks for as ambient; they have to be in the bounding set as well.</summary>
    public required IReadOnlyList<string> AmbientCapabilities { get; init; }

    /// <summary>Runtime directories of the unit, below /run, specifiers unexpanded.</summary>
    public required IReadOnlyList<string> RuntimeDirectories { get; init; }

    /// <summary>The unit's PIDFile= as a path below /run, specifiers unexpanded; null where it has none there.</summary>
    public required string? PidFile { get; init; }

    /// <summary>Folders of the host that it does not see, ordinal order of their paths.</summary>
    public required IReadOnlyList<PathMask> Masks { get; init; }

    /// <summary>Whether it has a <c>/dev/shm</c> of its own.</summary>
    public required bool HasOwnSharedMemory { get; init; }
}
