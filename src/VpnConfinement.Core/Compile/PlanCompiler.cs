using System.Net;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Compile.Resolver;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Compile;

/// <summary>The plan that the units of a namespace run.</summary>
internal static class PlanCompiler
{
    /// <summary>Compiles the plan, but for the hash of the ruleset that is made of it.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="birthplace">The namespace of ours in which its link is made, or null where it is made elsewhere.</param>
    internal static NamespacePlan Compile(ConfinedNamespace ns, ConfinedNamespace? birthplace) => new()
    {
        Version = NamespacePlan.CurrentVersion,
        Namespace = ns.Name.ToString(),
        RulesetSha256 = "",
        DisableIPv6 = ns.IPv6 == IPv6Mode.Disable,
        HostLink = ns.HostLink is { } link ? HostLink(ns.Name, link) : null,
        WireGuard = WireGuard(ns.WireGuard, birthplace),
        PinnedFiles = ResolverFiles.Pinned(ns),
        Pinning = ns.WireGuard.PinningMark is { } mark
            ? new PinPlan { Table = EndpointPinRuleset.Table(ns.Name), Mark = mark }
            : null,
        Policy = new PolicyPlan
        {
            DnsMode = ns.DnsMode,
            DnsServers = ns.DnsServers,
            Egress = ns.Egress,
            HostTcpPorts = ns.HostLink?.TcpPorts ?? [],
            FromTunnelTcp = ns.FromTunnelTcp,
            FromTunnelUdp = ns.FromTunnelUdp,
        },
    };

    private static HostLinkPlan HostLink(NamespaceName ns, HostLink link) => new()
    {
        HostInterface = link.HostInterface,
        NamespaceInterface = link.NamespaceInterface,
        HostAddress = link.HostAddress,
        NamespaceAddress = link.NamespaceAddress,
        Subnet = link.Subnet,
        HostMac = HostLinkDerivation.HostMac(ns),
        NamespaceMac = HostLinkDerivation.NamespaceMac(ns),
        HostTable = HostLinkDerivation.HostTable(ns),
    };

    private static WireGuardPlan WireGuard(WireGuardLink link, ConfinedNamespace? birthplace) => new()
    {
        Interface = link.Interface,
        Implementation = link.Implementation,
        Addresses = link.Addresses,
        Routes = link.AllowedIPsAsRoutes ? Prefixes(link.Peers.SelectMany(p => p.AllowedIPs)) : [],
        Mtu = link.Mtu,
        ListenPort = link.ListenPort,
        FwMark = link.FwMark,
        PrivateKeyFile = link.PrivateKey.Path,
        GeneratePrivateKey = link.GeneratePrivateKey,
        Birthplace = link.Birthplace?.Name.ToString(),
        BirthplaceManaged = link.Birthplace?.Managed ?? false,
        Resolvers = birthplace?.DnsServers ?? [],
        Peers = [.. link.Peers.OrderBy(p => p.PublicKey.ToString(), StringComparer.Ordinal).Select(Peer)],
    };

    private static PeerPlan Peer(WireGuardPeer peer) => new()
    {
        PublicKey = peer.PublicKey,
        PresharedKeyFile = peer.PresharedKey?.Path,
        Endpoint = (peer.Endpoint as PeerEndpoint.Literal)?.Address,
        EndpointName = peer.Endpoint is PeerEndpoint.Hostname name ? new EndpointName(name.Name, name.Port) : null,
        RefreshSeconds = (peer.Endpoint as PeerEndpoint.Hostname)?.RefreshSeconds ?? 0,
        AllowedIPs = Prefixes(peer.AllowedIPs),
        PersistentKeepalive = peer.PersistentKeepalive,
    };

    private static IPNetwork[] Prefixes(IEnumerable<IPNetwork> prefixes) =>
        [.. prefixes.Distinct().OrderBy(p => p.ToString(), StringComparer.Ordinal)];
}
