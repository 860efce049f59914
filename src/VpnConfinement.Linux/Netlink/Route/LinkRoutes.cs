using System.Net;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using static VpnConfinement.Linux.Interop.LibcConstants;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.RouteConstants;

namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>
/// All unicast routes over a link, and the one that a link of two ends may have: that to the subnet of its address, as the kernel makes it.
/// </summary>
internal static class LinkRoutes
{
    private const int Room = 256;

    // A kernel without IPv6 has no such routes.
    private static byte[] Families => Sysctl.HasGroup("ipv6") ? [AF_INET, AF_INET6] : [AF_INET];

    /// <summary>Makes a link, which must be up, have that route and no other.</summary>
    /// <param name="socket">A <see cref="NetlinkSocket.Narrowing"/> one.</param>
    /// <param name="link">The link.</param>
    /// <param name="subnet">Where the route leads.</param>
    /// <param name="address">The link's address in it.</param>
    internal static void Ensure(NetlinkSocket socket, Link link, AddressPrefix subnet, IPAddress address)
    {
        var present = List(socket, link);

        // Made before others go: what is sent there goes over the link all the time.
        if (!present.Any(route => IsWanted(route, subnet)))
        {
            socket.Execute(
                ConnectedMessage(stackalloc byte[Room], link, subnet, address),
                $"add the route to {subnet} over link {link.Name}");
        }

        foreach (var route in present.Where(route => !IsWanted(route, subnet)))
        {
            Delete(socket, link, route);
        }
    }

    /// <summary>The routes over a link.</summary>
    /// <param name="socket">
    /// A <see cref="NetlinkSocket.Narrowing"/> one: the host may have a million routes over other links.
    /// </param>
    /// <param name="link">The link.</param>
    internal static IReadOnlyList<LinkRoute> List(NetlinkSocket socket, Link link)
    {
        var found = new List<LinkRoute>();
        Span<byte> buffer = stackalloc byte[Room];
        foreach (var family in Families)
        {
            var writer = new NetlinkWriter(buffer, RTM_GETROUTE, NLM_F_DUMP);
            RouteMessages.Info(ref writer, family);
            writer.U32(RTA_OIF, (uint)link.Index);
            found.AddRange(socket.Query<LinkRoute>(
                writer.Finish(), $"list the routes over link {link.Name}", payload => Parse(payload, link.Index)));
        }

        return found;
    }

    /// <summary>The message that adds the route of a link's address, as the kernel does by itself.</summary>
    internal static Span<byte> ConnectedMessage(
        Span<byte> buffer, Link link, AddressPrefix subnet, IPAddress address)
    {
        // In front of one of somebody else's to the same subnet: without NLM_F_EXCL the kernel takes both.
        var writer = new NetlinkWriter(buffer, RTM_NEWROUTE, NLM_F_CREATE);
        RouteMessages.Info(
            ref writer, subnet.Family, subnet.Length, table: RT_TABLE_MAIN, protocol: RTPROT_KERNEL, scope: RT_SCOPE_LINK,
            type: RTN_UNICAST);
        writer.Address(RTA_DST, subnet);
        writer.U32(RTA_OIF, (uint)link.Index);
        writer.Bytes(RTA_PREFSRC, address.GetAddressBytes());
        return writer.Finish();
    }

    // Older kernels list the multicast route of IPv6 as unicast, in the local table.
    private static LinkRoute? Parse(ReadOnlySpan<byte> payload, int index) =>
        RouteMessages.Parse(payload) is { Type: RTN_UNICAST } route && route.Output == index
            && route is not { Destination.IsIPv6: true, Table: RT_TABLE_LOCAL, Protocol: RTPROT_KERNEL }
            ? route : null;

    private static bool IsWanted(LinkRoute route, AddressPrefix subnet) =>
        route.IsConnected && route.Destination == subnet;

    private static void Delete(NetlinkSocket socket, Link link, LinkRoute route)
    {
        var writer = new NetlinkWriter(stackalloc byte[Room], RTM_DELROUTE);
        RouteMessages.Info(
            ref writer,
            route.Destination.Family,
            route.Destination.Length,
            route.TypeOfService,
            protocol: route.Protocol,
            scope: RT_SCOPE_NOWHERE); // of any scope
        writer.Address(RTA_DST, route.Destination);
        writer.U32(RTA_OIF, (uint)link.Index);
        writer.U32(RTA_TABLE, route.Table);
        if (route.Metric != 0)
        {
            writer.U32(RTA_PRIORITY, route.Metric);
        }

        try
        {
            socket.Execute(writer.Finish(), $"delete the route to {route.Destination} over link {link.Name}");
        }
        catch (SystemFailure e) when (e.Errno == Errno.ESRCH)
        {
            // gone meanwhile
        }
    }
}
