using System.Net;
using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Worlds;
using static VpnConfinement.Lab.Matrix.TrafficKinds;

namespace VpnConfinement.Lab.Matrix;

/// <summary>Towards the machine itself and its other namespaces, and out by a link, a mark or an address that a process names itself.</summary>
internal static class NearbyKinds
{
    private static readonly string Host = Place.HostAddress;

    public static IReadOnlyList<TrafficKind> All { get; } =
    [
        new("host-link-tcp", "S-5", Fate.Closed, Connect(Host, Place.OpenPort)),
        new("host-link-udp", "S-5", Fate.Refused, Send(Host, 53)),
        new("host-link-dns", "S-5 S-4", Fate.Closed, Query(IPAddress.Parse(Host))),
        new("host-link-dns-tcp", "S-5 S-4", Fate.Closed, Query(IPAddress.Parse(Host)) with { Stream = true }),
        // The machine's public address is one of the internet's, as any other.
        new("machines-address", "S-3 S-6", Fate.Tunnel, Connect(Addresses.Machine, Place.OpenPort)),
        new("machines-address-udp", "S-3 S-6", Fate.Tunnel, Send(Addresses.Machine, 47020)),
        new("machines-loopback", "S-3", Fate.Closed, Connect("127.0.0.1", Place.OpenPort)),
        new("neighbour-tcp", "S-5", Fate.Refused, Connect(Place.NeighbourAddress, Place.NeighbourPort)),
        new("neighbour-udp", "S-5", Fate.Refused, Send(Place.NeighbourAddress, 47021)),
        new("neighbours-host-end", "S-5", Fate.Refused, Connect(Place.NeighbourHostAddress, Place.OpenPort)),
        new("neighbours-tunnel-address", "S-3 S-6", Fate.Tunnel, Send(Place.NeighbourTunnelAddress, 47022)),
        new("device-tunnel", "S-3 S-6", Fate.Tunnel, Get(Addresses.Web) with { Device = Place.Tunnel }) { Unconfined = Get(Addresses.Web) with { Device = Addresses.UplinkName } },
        new("device-host-link", "S-3 S-5", Fate.Refused, Send(Addresses.Web, 47023) with { Device = Place.HostLink })
        {
            Unconfined = Send(Addresses.Web, 47023) with { Device = Addresses.UplinkName },
        },
        new("device-hosts-end", "S-3 S-5", Fate.Closed, Send(Addresses.Web, 47024) with { Device = Place.HostEnd }) { Unconfined = Send(Addresses.Web, 47024) with { Device = Addresses.UplinkName } },
        new("device-loopback", "S-3", Fate.Unheard, Send(Addresses.Web, 47025) with { Device = "lo" }),
        new("source-machine", "S-3", Fate.Refused, Send(Addresses.Web, 47026) with { Source = $"{Addresses.Machine}" }),
        new("source-host-link", "S-3", Fate.Refused, Send(Addresses.Web, 47027) with { Source = Place.NamespaceAddress }),
        new("source-strangers", "S-3", Fate.Refused, Send(Addresses.Web, 47028) with { Source = "203.0.113.77" }),
        new("source-tunnel", "S-3 S-6", Fate.Tunnel, Send(Addresses.Web, 47029) with { Source = $"{Addresses.TunnelAddress}" }),
        new("mark-of-the-tunnel", "S-3 S-15", Fate.Closed, Send(Addresses.Web, 47030) with { Mark = Place.TunnelMark })
        {
            OfRoot = Fate.Tunnel,
            Unconfined = Send(Addresses.Web, 47030) with { Mark = Place.TunnelMark + 1 },
        },
        new("mark-of-the-host", "S-3", Fate.Closed, Send(Addresses.Web, 47031) with { Mark = 0x77 }) { OfRoot = Fate.Tunnel },
        new("enter-the-host", "S-1", Fate.Closed, new(AgentOperation.Enter) { Path = "/proc/1/ns/net" }) { NotForRoot = true },
        new("enter-a-neighbour", "S-1", Fate.Closed, new(AgentOperation.Enter) { Path = $"/run/netns/{Place.Neighbour}" }) { NotForRoot = true },
    ];
}
