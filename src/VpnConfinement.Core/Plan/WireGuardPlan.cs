using System.Net;
using System.Text.Json.Serialization;
using VpnConfinement.Model;

namespace VpnConfinement.Plan;

/// <summary>One WireGuard link and its peers.</summary>
public sealed record WireGuardPlan
{
    /// <summary>Interface name in the namespace.</summary>
    public required InterfaceName Interface { get; init; }

    /// <summary>Which implementation to use.</summary>
    public required WireGuardImplementation Implementation { get; init; }

    /// <summary>Addresses with prefix, as <c>10.64.0.2/32</c>.</summary>
    public required IReadOnlyList<InterfaceAddress> Addresses { get; init; }

    /// <summary>Routes over the link, canonical prefixes; empty when allowedIPsAsRoutes is false.</summary>
    public required IReadOnlyList<IPNetwork> Routes { get; init; }

    /// <summary>MTU in bytes; null for what the routes to the endpoints have room for.</summary>
    public required int? Mtu { get; init; }

    /// <summary>UDP port to listen on; null leaves the choice to the kernel.</summary>
    public required int? ListenPort { get; init; }

    /// <summary>Firewall mark of the tunnel's own packets; 0 for none.</summary>
    public required uint FwMark { get; init; }

    /// <summary>Absolute path of the file with the private key in base64.</summary>
    public required string PrivateKeyFile { get; init; }

    /// <summary>Whether the file of the private key is made when it is missing.</summary>
    public required bool GeneratePrivateKey { get; init; }

    /// <summary>Name below /run/netns of the netns in which the link is made and its UDP socket stays; null for the host's.</summary>
    public required string? Birthplace { get; init; }

    /// <summary>Whether <see cref="Birthplace"/> is a namespace of ours, whose marker is checked.</summary>
    public required bool BirthplaceManaged { get; init; }

    /// <summary>Resolvers that are asked for the names of endpoints, inside the birthplace where that is a namespace of ours; empty otherwise.</summary>
    public required IReadOnlyList<IPAddress> Resolvers { get; init; }

    /// <summary>The peers, ordered by public key.</summary>
    public required IReadOnlyList<PeerPlan> Peers { get; init; }

    /// <summary>Where those of the peers are whose endpoints are addresses.</summary>
    [JsonIgnore]
    public IEnumerable<IPEndPoint> Endpoints => Peers.Select(p => p.Endpoint).OfType<IPEndPoint>();
}
