namespace VpnConfinement.Plan;

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

    /// <summary>Hardware address of the host's end.</summary>
    public required string HostMac { get; init; }

    /// <summary>Hardware address of the namespace's end.</summary>
    public required string NamespaceMac { get; init; }

    /// <summary>Which frames may leave the namespace, as a <see cref="Compile.Frames.FrameFilter"/>: for both ends.</summary>
    public required string OutFilter { get; init; }

    /// <summary>Which frames may enter the namespace: for what leaves the host's end.</summary>
    public required string InFilter { get; init; }

    /// <summary>Name of the host's nftables table (family inet) that guards the host's end.</summary>
    public required string HostTable { get; init; }

    /// <summary>The text that defines that table.</summary>
    public required string HostRuleset { get; init; }
}
