using System.Net;
using VpnConfinement.Doctor;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Doctor;

/// <summary>The tunnels of what was applied, with the way to each endpoint from where its packets are sent.</summary>
internal static class TunnelFactsReader
{
    // Measuring waits for answers: that of several namespaces goes on together.
    private const int Together = 16;

    internal static IReadOnlyList<NamespaceFacts> Read() =>
    [
        .. ManifestStore.LoadKnown().Namespaces.AsParallel().AsOrdered().WithDegreeOfParallelism(Together)
            .WithMergeOptions(ParallelMergeOptions.FullyBuffered).Select(Of),
    ];

    private static NamespaceFacts Of(ManifestNamespace ns)
    {
        var plan = Look.At(() => PlanStore.Load(ns.Name).Plan);
        var link = (plan as Observation<NamespacePlan>.Known)?.Value.HostLink?.HostInterface.ToString();
        return new NamespaceFacts(ns.Name, link, Look.At(() => Tunnel(ns)));
    }

    private static TunnelFacts? Tunnel(ManifestNamespace ns)
    {
        if (WireGuardRecord.Load(ns.Name) is null || Netns.Observe(ns.Name) is not NetnsState.Ours ours)
        {
            return null;
        }

        using (ours.Handle)
        {
            using var inside = NetlinkSocket.OpenIn(ours.Handle, NetlinkConstants.NETLINK_ROUTE);
            if (Links.Find(inside, ns.Interface) is not { } link)
            {
                return null;
            }

            using var device = WireGuardStatus.Read(ns.Name);
            if (device is null)
            {
                return null;
            }

            var plan = PlanStore.Load(ns.Name).Plan;
            using var birthplace = BirthplaceNetns.Open(plan);
            using var outside = NetlinkSocket.OpenIn(birthplace.Handle, NetlinkConstants.NETLINK_ROUTE);
            var mtu = (int)link.Mtu;

            // A tunnel that has no handshake answers nothing.
            var room = device.Peers.Any(p => p.LatestHandshake is not null)
                ? RoomProbe.Measure(ours.Handle, ns.Interface, mtu, Resolvers.Of(plan))
                : new Observation<TunnelRoom?>.Known(null);
            return new TunnelFacts(
                ns.Interface,
                WireGuardDevice.PublicKeyOf(device),
                mtu,
                [.. device.Peers.Select(p => Peer(p, outside, plan.WireGuard.FwMark))],
                room);
        }
    }

    private static PeerFacts Peer(WireGuardPeer peer, NetlinkSocket outside, uint mark) => new(
        $"{peer.PublicKey}",
        peer.Endpoint,
        peer.Endpoint is { } endpoint ? Look.At(() => Route(outside, endpoint.Address, mark)) : null,
        peer.SentBytes,
        peer.LatestHandshake);

    private static EndpointRoute Route(NetlinkSocket outside, IPAddress address, uint mark) =>
        RouteMtu.Route(outside, address, mark) switch
        {
            { Type: RouteConstants.RTN_LOCAL } => new EndpointRoute.Local(),
            { Type: RouteConstants.RTN_UNICAST } route when Links.Find(outside, route.Output) is { } link =>
                new EndpointRoute.Over(link.Name, link.Kind, route.Mtu ?? (int)link.Mtu),
            _ => new EndpointRoute.None(),
        };
}
