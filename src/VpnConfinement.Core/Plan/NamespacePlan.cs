using System.Text.Json.Serialization;

namespace VpnConfinement.Plan;

/// <summary>
/// What the units of one namespace do, compiled and checked: the commands that units run read this and never the configuration, so that
/// what was applied is what runs (docs/adr/0005). Holds no secret, only paths of key files.
/// </summary>
public sealed record NamespacePlan
{
    /// <summary>Format of this file; a reader refuses any other.</summary>
    public const int CurrentVersion = 1;

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

    /// <summary>Confined units of this namespace with their suffix, ordinal order; templates as <c>app@.service</c>.</summary>
    public required IReadOnlyList<string> Services { get; init; }
}

/// <summary>The veth pair between host and namespace (option <c>hostLink</c>).</summary>
public sealed record HostLinkPlan
{
    /// <summary>Interface name on the host.</summary>
    public required string HostInterface { get; init; }

    /// <summary>Interface name in the namespace.</summary>
    public required string NamespaceInterface { get; init; }

    /// <summary>Address of the host's end, without prefix; the subnet is a /30.</summary>
    public required string HostAddress { get; init; }

    /// <summary>Address of the namespace's end, without prefix.</summary>
    public required string NamespaceAddress { get; init; }

    /// <summary>The /30, as <c>169.254.1.0/30</c>.</summary>
    public required string Subnet { get; init; }

    /// <summary>Name of the host's nftables table (family inet) that guards the host's end.</summary>
    public required string HostTable { get; init; }

    /// <summary>The text that defines that table.</summary>
    public required string HostRuleset { get; init; }
}

/// <summary>Which WireGuard to use (option <c>wireguard.implementation</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WireGuardImplementation>))]
public enum WireGuardImplementation
{
    /// <summary>The kernel's device where the kernel has it, else a userspace one.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>The kernel's device or nothing.</summary>
    [JsonStringEnumMemberName("kernel")]
    Kernel,

    /// <summary>wireguard-go or boringtun-cli, never the kernel's device.</summary>
    [JsonStringEnumMemberName("userspace")]
    Userspace,
}

/// <summary>One WireGuard link and its peers. Addresses, prefixes and keys are in canonical text.</summary>
public sealed record WireGuardPlan
{
    /// <summary>Interface name in the namespace.</summary>
    public required string Interface { get; init; }

    /// <summary>Which implementation to use.</summary>
    public required WireGuardImplementation Implementation { get; init; }

    /// <summary>Addresses with prefix, as <c>10.64.0.2/32</c>.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Routes over the link, canonical prefixes; empty when allowedIPsAsRoutes is false.</summary>
    public required IReadOnlyList<string> Routes { get; init; }

    /// <summary>MTU in bytes.</summary>
    public required int Mtu { get; init; }

    /// <summary>UDP port to listen on; null leaves the choice to the kernel.</summary>
    public required int? ListenPort { get; init; }

    /// <summary>Firewall mark of the tunnel's own packets; 0 for none.</summary>
    public required uint FwMark { get; init; }

    /// <summary>Absolute path of the file with the private key in base64.</summary>
    public required string PrivateKeyFile { get; init; }

    /// <summary>The peers, ordered by public key.</summary>
    public required IReadOnlyList<PeerPlan> Peers { get; init; }
}

/// <summary>One peer.</summary>
public sealed record PeerPlan
{
    /// <summary>Public key, base64 of 32 bytes.</summary>
    public required string PublicKey { get; init; }

    /// <summary>Absolute path of the file with the preshared key in base64, or null.</summary>
    public required string? PresharedKeyFile { get; init; }

    /// <summary>Literal <c>IPv4:port</c> or <c>[IPv6]:port</c>, or null.</summary>
    public required string? Endpoint { get; init; }

    /// <summary>Allowed IPs, canonical prefixes.</summary>
    public required IReadOnlyList<string> AllowedIPs { get; init; }

    /// <summary>Persistent keepalive in seconds; 0 for off.</summary>
    public required int PersistentKeepalive { get; init; }
}
