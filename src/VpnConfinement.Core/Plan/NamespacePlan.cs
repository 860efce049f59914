namespace VpnConfinement.Plan;

/// <summary>
/// What the units of one namespace do, compiled and checked: the commands that units run read this and never the configuration, so that
/// what was applied is what runs (docs/adr/0005). Holds no secret, only paths of key files.
/// </summary>
public sealed record NamespacePlan
{
    /// <summary>Format of this file; a reader takes older ones (<see cref="FormerPlan"/>) and refuses newer ones.</summary>
    public const int CurrentVersion = 4;

    /// <summary>Format of this file, <see cref="CurrentVersion"/>.</summary>
    public required int Version { get; init; }

    /// <summary>Name of the namespace: the netns is <c>/run/netns/NAME</c>.</summary>
    public required string Namespace { get; init; }

    /// <summary>Lower-case hex SHA-256 of the ruleset file beside the plan; a file that differs (a write cut short) is refused.</summary>
    public required string RulesetSha256 { get; init; }

    /// <summary>Whether IPv6 is off in the namespace.</summary>
    public required bool DisableIPv6 { get; init; }

    /// <summary>The veth pair between host and namespace, or null where there is none.</summary>
    public required HostLinkPlan? HostLink { get; init; }

    /// <summary>The tunnel.</summary>
    public required WireGuardPlan WireGuard { get; init; }

    /// <summary>The resolver files that are pinned in each of its services.</summary>
    public required IReadOnlyList<PinnedFile> PinnedFiles { get; init; }

    /// <summary>The pinning of endpoints, or null where there is none.</summary>
    public required PinPlan? Pinning { get; init; }

    /// <summary>The policy that the ruleset was made of, or null where an older program made it.</summary>
    public required PolicyPlan? Policy { get; init; }
}
