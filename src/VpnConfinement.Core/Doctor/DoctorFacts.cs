using VpnConfinement.Diagnostics;
using VpnConfinement.Drift;
using VpnConfinement.Health;
using VpnConfinement.Validation;

namespace VpnConfinement.Doctor;

/// <summary>What <c>doctor</c> saw of a host. The rules ask nothing, they are told.</summary>
public sealed record DoctorFacts
{
    /// <summary>The systemd that runs; null where none does.</summary>
    public required Observation<SystemdFact?> Systemd { get; init; }

    /// <summary>Whether /sys/fs/cgroup is the unified hierarchy (cgroups(7)).</summary>
    public required Observation<bool> HasUnifiedGroups { get; init; }

    /// <summary>Whether the kernel makes WireGuard links.</summary>
    public required Observation<bool> HasKernelWireGuard { get; init; }

    /// <summary>Path of wireguard-go; null where it is not installed.</summary>
    public required Observation<string?> UserspaceWireGuard { get; init; }

    /// <summary>The version of libnftables, as far as it tells; null where it cannot be loaded.</summary>
    public required Observation<string?> Nftables { get; init; }

    /// <summary>The inotify instances of root.</summary>
    public required Observation<InotifyUse> Inotify { get; init; }

    /// <summary>The clock.</summary>
    public required Observation<ClockReading> Clock { get; init; }

    /// <summary>Names of the units that are up.</summary>
    public required Observation<IReadOnlyCollection<string>> Running { get; init; }

    /// <summary>Names of the units that start at boot or are up, of <c>wg-quick@.service</c> alone.</summary>
    public required Observation<IReadOnlyList<string>> WgQuick { get; init; }

    /// <summary>The files of systemd-networkd, those of lower folders that are hidden left out.</summary>
    public required Observation<IReadOnlyList<NetworkFile>> NetworkFiles { get; init; }

    /// <summary>Tunnels on the host's network that were not made by us.</summary>
    public required Observation<IReadOnlyList<ForeignTunnel>> ForeignTunnels { get; init; }

    /// <summary>Chains of others on the host's input or output hook whose policy is to drop, as phrases.</summary>
    public required Observation<IReadOnlyList<string>> DroppingChains { get; init; }

    /// <summary>The namespaces that were applied; unknown where the manifest cannot be read.</summary>
    public required Observation<IReadOnlyList<NamespaceFacts>> Namespaces { get; init; }

    /// <summary>What <c>check</c> finds; null where there is no configuration.</summary>
    public required IReadOnlyList<Diagnostic>? Checked { get; init; }

    /// <summary>Paths that the configuration reads, its provider files included.</summary>
    public required IReadOnlyCollection<string> ConfigurationFiles { get; init; }

    /// <summary>What <c>status</c> sees, after the resolvers were asked; nothing where nothing was applied.</summary>
    public required Observation<IReadOnlyList<HealthEntry>> Health { get; init; }
}
