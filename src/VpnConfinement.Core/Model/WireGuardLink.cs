using System.Net;

namespace VpnConfinement.Model;

/// <summary>A WireGuard link and its peers.</summary>
public sealed record WireGuardLink
{
    /// <summary>Name in the namespace.</summary>
    public required InterfaceName Interface { get; init; }

    /// <summary>Which implementation to use.</summary>
    public required WireGuardImplementation Implementation { get; init; }

    /// <summary>Addresses of the link, in the order written; at least one is IPv4 or IPv6.</summary>
    public required IReadOnlyList<InterfaceAddress> Addresses { get; init; }

    /// <summary>Whether allowed IPs become routes.</summary>
    public required bool AllowedIPsAsRoutes { get; init; }

    /// <summary>MTU in bytes; null for what the routes to the endpoints have room for (<see cref="TunnelMtu"/>).</summary>
    public required int? Mtu { get; init; }

    /// <summary>UDP port, or null for any.</summary>
    public required int? ListenPort { get; init; }

    /// <summary>Mark of the tunnel's own packets; 0 for none.</summary>
    public required uint FwMark { get; init; }

    /// <summary>Where the private key is.</summary>
    public required KeySource PrivateKey { get; init; }

    /// <summary>Whether the file of the private key is made when it is missing.</summary>
    public required bool GeneratePrivateKey { get; init; }

    /// <summary>The netns in which the link is made; null for the host's.</summary>
    public required Birthplace? Birthplace { get; init; }

    /// <summary>The mark by which endpoints are pinned, equal to <see cref="FwMark"/>; null where they are not pinned.</summary>
    public required uint? PinningMark { get; init; }

    /// <summary>The peers.</summary>
    public required IReadOnlyList<WireGuardPeer> Peers { get; init; }
}
