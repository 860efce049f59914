using System.Text.Json.Serialization;
using VpnConfinement.Drift;
using VpnConfinement.Health;

namespace VpnConfinement.Linux.Status;

/// <summary>One namespace as it is now.</summary>
public sealed record NamespaceStatus
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The worst of all that was seen in it, in three words.</summary>
    public Verdict Verdict => Verdicts.Of(State);

    /// <summary>The worst of all that was seen in it.</summary>
    public HealthState State => HealthStates.Worst(Health.Select(h => h.State));

    /// <summary>Each part of it with its state, the worst first: itself, its tunnel, its resolvers, its services, sockets and published ports.</summary>
    public required IReadOnlyList<HealthEntry> Health { get; init; }

    /// <summary>Whether the netns is there; false is normal while no service needs it.</summary>
    public required bool Up { get; init; }

    /// <summary>What its watcher says of itself in a line; null while none runs.</summary>
    public required string? Watcher { get; init; }

    /// <summary>Inode of the netns (nsfs), or null while it is down.</summary>
    public required ulong? NetnsInode { get; init; }

    /// <summary>Whether the ruleset in the kernel is the one that was loaded; null while the netns is down or could not be read.</summary>
    public required bool? RulesetIntact { get; init; }

    /// <summary>The tunnel, or null while there is no link.</summary>
    public required TunnelStatus? Tunnel { get; init; }

    /// <summary>
    /// Where its peers are: what the device has, else what was applied. A peer with a name has its address in
    /// parentheses.
    /// </summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>The addresses of the tunnel as applied, with prefix.</summary>
    public IReadOnlyList<string> TunnelAddresses { get; init; } = [];

    /// <summary>The resolvers that are pinned in its services; empty where none are.</summary>
    public IReadOnlyList<string> Resolvers { get; init; } = [];

    /// <summary>Where the host reaches ports over the host link: <c>169.254.1.2:9091</c>.</summary>
    public IReadOnlyList<string> HostPorts { get; init; } = [];

    /// <summary>Packets refused so far, by counter name; empty while the netns is down.</summary>
    public required IReadOnlyDictionary<string, ulong> RefusedPackets { get; init; }

    /// <summary>The confined services; a template stands as its running instances.</summary>
    public required IReadOnlyList<ServiceStatus> Services { get; init; }

    /// <summary>The confined sockets; a template stands as its running instances.</summary>
    public required IReadOnlyList<SocketStatus> Sockets { get; init; }

    /// <summary>The sockets of the host that lead to ports in the namespace (option <c>publish</c>).</summary>
    public required IReadOnlyList<SocketStatus> Published { get; init; }

    /// <summary>
    /// What of its parts is not as it was brought up. Each is among <see cref="Problems"/> as well, but for a tunnel that
    /// no unit needs.
    /// </summary>
    [JsonIgnore]
    public required IReadOnlyList<DriftEntry> Drift { get; init; }

    /// <summary>Whether it could be told of every part. Not required: see <see cref="TunnelStatus.Peers"/>.</summary>
    [JsonIgnore]
    public bool IsDriftKnown { get; init; }

    /// <summary>The same, as <c>status --json</c> prints it.</summary>
    [JsonPropertyName("drift")]
    public IReadOnlyList<PartDrift> DriftedParts =>
        [.. Drift.Select(entry => new PartDrift(entry.Part?.Name, entry.Text, entry.Remedy, entry.IsUnknown))];

    /// <summary>What is wrong or could not be told, in plain words.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}
