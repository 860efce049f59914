using System.Net;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>Gives the link of a tunnel its MTU: the one that is written, else by the routes to its endpoints.</summary>
internal static class LinkMtu
{
    /// <summary>Sets it, and writes down what a route gave, with which the link is compared from then on.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="birthplace">Where the tunnel's own packets are sent from.</param>
    /// <param name="endpoints">Where they go.</param>
    /// <param name="inside">A route socket in the namespace.</param>
    /// <param name="link">The link.</param>
    /// <param name="log">Takes a line where it changed by a route.</param>
    internal static void Ensure(
        NamespacePlan plan,
        BirthplaceNetns birthplace,
        IEnumerable<IPEndPoint> endpoints,
        NetlinkSocket inside,
        Link link,
        Action<string> log)
    {
        int? routed = plan.WireGuard.Mtu is null ? ByRoutes(plan, birthplace, endpoints) : null;

        // Before it is set: the watcher that looks in between finds the namespace locked, and looks again.
        if (WireGuardRecord.Load(plan.Namespace) is { } record && record.Mtu != routed)
        {
            (record with { Mtu = routed }).Save(plan.Namespace);
        }

        if (routed is { } mtu && link.Mtu != mtu)
        {
            log($"the MTU of the WireGuard link {link.Name} is {mtu}, by the route to its endpoint");
        }

        Links.EnsureMtu(inside, link, plan.WireGuard.Mtu ?? routed!.Value);
    }

    private static int ByRoutes(NamespacePlan plan, BirthplaceNetns birthplace, IEnumerable<IPEndPoint> endpoints)
    {
        using var outside = NetlinkSocket.OpenIn(birthplace.Handle, NetlinkConstants.NETLINK_ROUTE);
        var mark = plan.WireGuard.FwMark;
        var routes = endpoints.Select(endpoint => RouteMtu.To(outside, endpoint.Address, mark)).OfType<int>();
        return TunnelMtu.Of([.. routes], hasIPv6: !plan.DisableIPv6);
    }
}
