using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Interop;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.Lab.Matrix;

/// <summary>Packets made by hand. The kernel wants CAP_NET_RAW for them, so they are root's; they pass the tunnel or nobody hears of them.</summary>
internal static class PrivilegedKinds
{
    private static readonly string Web = $"{Addresses.Web}";
    private static readonly string Machine = $"{Addresses.Machine}";
    private static readonly string Tunnel = $"{Addresses.TunnelAddress}";

    public static IReadOnlyList<TrafficKind> All { get; } =
    [
        Raw("raw-tcp", Libc.IPPROTO_TCP, Web, 47040),
        Raw("raw-udp", Libc.IPPROTO_UDP, Web, 47041),
        Raw("raw-dccp", Libc.IPPROTO_DCCP, Web, 47042),
        Raw("raw-sctp", Libc.IPPROTO_SCTP, Web, 47043),
        Raw("raw-sctp-dns", Libc.IPPROTO_SCTP, $"{Addresses.OtherResolver}", 53),
        Raw("raw-dccp-dns", Libc.IPPROTO_DCCP, $"{Addresses.OtherResolver}", 53),
        Raw("raw-gre", Libc.IPPROTO_GRE, Web, 0),
        Raw("raw-6in4", Libc.IPPROTO_IPV6, Web, 0),
        Raw("raw-ipv6-ping", Libc.IPPROTO_ICMPV6, $"{Addresses.Web6}", 0),
        Raw("raw-host-link", Libc.IPPROTO_UDP, Place.HostAddress, 47044),
        Raw("raw-source-machine", Libc.IPPROTO_UDP, Web, 47045, Machine),
        Raw("raw-source-host-link", Libc.IPPROTO_UDP, Web, 47046, Place.NamespaceAddress),
        Raw("raw-source-loopback", Libc.IPPROTO_UDP, Web, 47047, "127.0.0.1"),
        Frame("frame-tunnel", Place.Tunnel, Libc.IPPROTO_UDP, Tunnel, Web, 47050),
        Frame("frame-tunnel-dns", Place.Tunnel, Libc.IPPROTO_UDP, Tunnel, $"{Addresses.OtherResolver}", 53),
        Frame("frame-tunnel-source-machine", Place.Tunnel, Libc.IPPROTO_UDP, Machine, Web, 47051),
        Frame("frame-uplink", Addresses.UplinkName, Libc.IPPROTO_UDP, Tunnel, Web, 47052),
        Frame("frame-loopback", "lo", Libc.IPPROTO_UDP, Tunnel, Web, 47053),
        Frame("frame-host-link-web", Place.HostLink, Libc.IPPROTO_UDP, Place.NamespaceAddress, Web, 47054),
        Frame("frame-host-link-source-machine", Place.HostLink, Libc.IPPROTO_UDP, Machine, Web, 47055),
        Frame("frame-host-link-source-lan", Place.HostLink, Libc.IPPROTO_UDP, "198.51.100.77", Web, 47056),
        Frame("frame-host-link-web6", Place.HostLink, Libc.IPPROTO_UDP, "2001:db8:77::6", $"{Addresses.Web6}", 47059),
        Frame("frame-host-link-host", Place.HostLink, Libc.IPPROTO_TCP, Place.NamespaceAddress, Place.HostAddress, Place.OpenPort),
        Frame("frame-host-link-dns", Place.HostLink, Libc.IPPROTO_UDP, Place.NamespaceAddress, Place.HostAddress, 53),
        Frame("frame-host-link-machine", Place.HostLink, Libc.IPPROTO_TCP, Place.NamespaceAddress, Machine, Place.OpenPort),
        Frame("frame-host-link-loopback", Place.HostLink, Libc.IPPROTO_UDP, Place.NamespaceAddress, "127.0.0.1", 47057),
        Frame("frame-host-link-loopback-service", Place.HostLink, Libc.IPPROTO_TCP, Place.NamespaceAddress, "127.0.0.1", Place.OpenPort),
        Frame("frame-host-link-neighbour", Place.HostLink, Libc.IPPROTO_TCP, Place.NamespaceAddress, Place.NeighbourAddress, Place.NeighbourPort),
        Frame("frame-host-link-broadcast", Place.HostLink, Libc.IPPROTO_UDP, Place.NamespaceAddress, "255.255.255.255", 47058),
        Frame("frame-host-link-mdns", Place.HostLink, Libc.IPPROTO_UDP, Place.NamespaceAddress, "224.0.0.251", 5353),
        Flood("flood-host-link-web", Libc.IPPROTO_UDP, Place.NamespaceAddress, Web, 47070),
        Flood("flood-host-link-source-machine", Libc.IPPROTO_UDP, Machine, Web, 47071),
        Flood("flood-host-link-web6", Libc.IPPROTO_UDP, "2001:db8:77::6", $"{Addresses.Web6}", 47072),
        Flood("flood-host-link-dhcp", Libc.IPPROTO_UDP, "0.0.0.0", "255.255.255.255", 67),
        Flood("flood-host-link-vlan", Libc.IPPROTO_UDP, Place.NamespaceAddress, Web, 47073, Libc.ETH_P_8021Q),
        Flood("flood-host-link-arp-gateway", 0, Place.NamespaceAddress, $"{Addresses.Gateway}", 0, Libc.ETH_P_ARP),
        Flood("flood-host-link-arp-host", 0, Place.NamespaceAddress, Place.HostAddress, 0, Libc.ETH_P_ARP),
        Flood("flood-host-link-lldp", 0, "", "", 0, Libc.ETH_P_LLDP),
        Flood("flood-host-link-ethertype", 0, "", "", 0, Libc.ETH_P_802_EX1),
    ];

    private static TrafficKind Raw(string id, int protocol, string address, int port, string source = "") =>
        new(id, "S-3", Fate.Closed, new(AgentOperation.Raw) { Protocol = protocol, Address = address, Port = port, Source = source }) { OfRoot = Fate.Unheard };

    private static TrafficKind Frame(string id, string link, int protocol, string source, string address, int port)
    {
        var request = new AgentRequest(AgentOperation.Frame) { Protocol = protocol, Address = address, Port = port, Source = source, Device = link };
        return Frame(id, link, request);
    }

    private static TrafficKind Flood(string id, int protocol, string source, string address, int port, ushort etherType = 0) => Frame(id, Place.HostLink,
        new(AgentOperation.Frame) { Protocol = protocol, Address = address, Port = port, Source = source, Device = Place.HostLink, EtherType = etherType, Flood = true });

    private static TrafficKind Frame(string id, string link, AgentRequest request) =>
        new(id, link == Place.HostLink ? "S-3 S-5" : "S-3", Fate.Closed, request) { OfRoot = Fate.Unheard, Unconfined = request with { Device = Addresses.UplinkName } };
}
