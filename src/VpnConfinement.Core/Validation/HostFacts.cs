using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>What the host says about everything that the configuration names. The validator is pure: it asks nothing, it is told.</summary>
public sealed record HostFacts
{
    /// <summary>Files by the path that the configuration gives.</summary>
    public required IReadOnlyDictionary<string, FileFact> Files { get; init; }

    /// <summary>Units by name with suffix: those that were asked for, every installed socket, mount and automount, and every installed service where <see cref="FactRequests"/> needs them.</summary>
    public required IReadOnlyDictionary<string, UnitFact> Units { get; init; }

    /// <summary>Names of all installed services and sockets, aliases and templates included, masked ones left out.</summary>
    public IReadOnlyList<string> Installed { get; init; } = [];

    /// <summary>Names of the units that are installed for the users' own systemd, in homes only those that were asked for.</summary>
    public IReadOnlySet<string> UserUnits { get; init; } = new HashSet<string>();

    /// <summary>The other names of units.</summary>
    public UnitAliases Aliases { get; init; } = UnitAliases.None;

    /// <summary>The users of the host.</summary>
    public HostUsers Users { get; init; } = HostUsers.None;

    /// <summary>
    /// Whether the kernel of this host makes user namespaces (user_namespaces(7)); null where it was not asked or is
    /// another host's.
    /// </summary>
    public bool? HasUserNamespaces { get; init; }

    /// <summary>Where paths lead once symbolic links are followed, by the path that was asked for; null where that cannot be told.</summary>
    public IReadOnlyDictionary<string, string?> RealPaths { get; init; } = new Dictionary<string, string?>();

    /// <summary>Programs of the units that were asked for which make code while they run, as the files beside them show.</summary>
    public IReadOnlySet<string> JitPrograms { get; init; } = new HashSet<string>();

    /// <summary>The user ids of owners of folders in /etc that services may have as their own.</summary>
    public IReadOnlyDictionary<string, uint> FolderOwners { get; init; } = new Dictionary<string, uint>();

    /// <summary>Folders below /run that tmpfiles.d(5) makes at boot, each once, in ordinal order.</summary>
    public IReadOnlyList<string> TmpfilesFolders { get; init; } = [];

    /// <summary>What the host's network daemons are told.</summary>
    public NetworkDaemonFacts NetworkDaemons { get; init; } = NetworkDaemonFacts.None;

    /// <summary>This host's systemd, or null where it was not asked or is another host's.</summary>
    public SystemdFact? Systemd { get; init; }

    /// <summary>Those of <see cref="Files"/> that say what the host mounts: /etc/fstab and the maps of autofs that are there or cannot be read.</summary>
    public IReadOnlyList<string> MountFiles { get; init; } = [];

    /// <summary>The fact about a file; one that nobody looked at is unreadable, never fine.</summary>
    public FileFact File(string path) => Files.GetValueOrDefault(path) ?? new FileFact.Unreadable("it was not looked at");

    /// <summary>The fact about a unit; one that nobody looked at is unreadable, never fine.</summary>
    public UnitFact Unit(string name) => Units.GetValueOrDefault(name) ?? new UnitFact.Unreadable("it was not looked at");
}
