using System.Net;
using VpnConfinement.Model;

namespace VpnConfinement.Plan;

/// <summary>The veth pair between host and namespace (option <c>hostLink</c>).</summary>
public sealed record HostLinkPlan
{
    /// <summary>Interface name on the host.</summary>
    public required InterfaceName HostInterface { get; init; }

    /// <summary>Interface name in the namespace.</summary>
    public required InterfaceName NamespaceInterface { get; init; }

    /// <summary>Address of the host's end; the subnet is a /30.</summary>
    public required IPAddress HostAddress { get; init; }

    /// <summary>Address of the namespace's end.</summary>
    public required IPAddress NamespaceAddress { get; init; }

    /// <summary>The /30, as <c>169.254.1.0/30</c>.</summary>
    public required IPNetwork Subnet { get; init; }

    /// <summary>Hardware address of the host's end.</summary>
    public required MacAddress HostMac { get; init; }

    /// <summary>Hardware address of the namespace's end.</summary>
    public required MacAddress NamespaceMac { get; init; }

    /// <summary>Name of the host's nftables table (family inet) that guards the host's end.</summary>
    public required string HostTable { get; init; }
}
