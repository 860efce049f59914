using System.Net;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Tests.Packets;

/// <summary>One combination of the options that the ruleset depends on.</summary>
internal sealed record Mode(EgressShape Egress, DnsMode Dns, IPv6Mode IPv6, bool HostLink, bool Ingress, bool EssentialIcmp)
{
    internal static IEnumerable<Mode> All =>
        from egress in Enum.GetValues<EgressShape>()
        from dns in Enum.GetValues<DnsMode>()
        from ipv6 in Enum.GetValues<IPv6Mode>()
        from hostLink in new[] { true, false }
        from ingress in new[] { true, false }
        from icmp in new[] { true, false }
        where icmp || egress != EgressShape.All // it has no say there
        select new Mode(egress, dns, ipv6, hostLink, ingress, icmp);

    internal ConfinedNamespace Namespace => new()
    {
        Name = Name("packets"),
        IPv6 = IPv6,
        DnsServers = IPv6 == IPv6Mode.Tunnel ? [World.Dns, World.DnsV6] : [World.Dns],
        Profile = SecurityProfile.Balanced,
        DnsMode = Dns,
        AllowHostResolverIpc = false,
        Egress = new Egress
        {
            Mode = Egress == EgressShape.All ? EgressMode.AllowAllTunnel : EgressMode.AllowList,
            TcpPorts = Egress is EgressShape.Ports or EgressShape.PortsAndPrefixes ? [53, 443, 4443] : [],
            UdpPorts = Egress is EgressShape.Ports or EgressShape.PortsAndPrefixes ? [53, 7000, 7443] : [],
            Cidrs = Egress is EgressShape.Prefixes or EgressShape.PortsAndPrefixes ? Prefixes : [],
            EssentialIcmp = EssentialIcmp,
        },
        FromTunnelTcp = Ingress ? [6881, 6882] : [],
        FromTunnelUdp = Ingress ? [6881, 6883] : [],
        DnsSearch = [],
        CommandMasks = [],
        VerifyUrl = null,
        HostLink = HostLink
            ? new HostLink
            {
                HostInterface = Interface("vh0"),
                NamespaceInterface = Interface(PacketLab.HostLink),
                Subnet = IPNetwork.Parse("10.99.0.0/30"),
                TcpPorts = [8080, 9091],
            }
            : null,
        WireGuard = new WireGuardLink
        {
            Interface = Interface(PacketLab.Tunnel),
            Implementation = WireGuardImplementation.Auto,
            Addresses = IPv6 == IPv6Mode.Tunnel ? [new(World.Own, 24), new(World.OwnV6, 64)] : [new(World.Own, 24)],
            AllowedIPsAsRoutes = true,
            Mtu = 1420,
            ListenPort = null,
            FwMark = 0,
            PrivateKey = new KeySource.UserFile("/key"),
            GeneratePrivateKey = false,
            Birthplace = null,
            PinningMark = null,
            Peers = [],
        },
        Services = [],
        Sockets = [],
        Publish = [],
    };

    private IReadOnlyList<IPNetwork> Prefixes => IPv6 == IPv6Mode.Tunnel
        ? [IPNetwork.Parse("198.51.100.0/26"), IPNetwork.Parse("203.0.113.128/25"), IPNetwork.Parse("2001:db8:1::/64"), IPNetwork.Parse("2001:db8:3::/64")]
        : [IPNetwork.Parse("198.51.100.0/26"), IPNetwork.Parse("203.0.113.128/25")];

    private static NamespaceName Name(string text) => NamespaceName.TryParse(text, out var name) ? name : throw new ArgumentException(text);

    private static InterfaceName Interface(string text) => InterfaceName.TryParse(text, out var name) ? name : throw new ArgumentException(text);
}
