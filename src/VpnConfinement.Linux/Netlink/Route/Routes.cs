using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.RouteConstants;

namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>The routes over a link, in the main table.</summary>
internal static class Routes
{
    private const int Room = 256;

    /// <summary>Makes a link, which must be up, have exactly these routes besides those the kernel makes for its addresses.</summary>
    internal static void Ensure(NetlinkSocket socket, Link link, IReadOnlyCollection<AddressPrefix> wanted)
    {
        Span<byte> buffer = stackalloc byte[Room];
        var present = List(socket, link);
        foreach (var route in present.Where(route => !route.IsKernels && !wanted.Contains(route.Destination)))
        {
            socket.Execute(Message(buffer, RTM_DELROUTE, 0, link, route.Destination), $"delete the route to {route.Destination}");
        }

        foreach (var destination in wanted.Where(destination => !present.Any(route => route.Destination == destination)))
        {
            socket.Execute(
                Message(buffer, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, link, destination),
                $"add the route to {destination} over link {link.Name}");
        }
    }

    /// <summary>The unicast routes over a link.</summary>
    internal static IReadOnlyList<LinkRoute> List(NetlinkSocket socket, Link link) =>
        [.. LinkRoutes.List(socket, link).Where(route => route.Table == RT_TABLE_MAIN)];

    /// <summary>The message that adds or deletes a route.</summary>
    internal static Span<byte> Message(Span<byte> buffer, ushort type, ushort flags, Link link, AddressPrefix destination)
    {
        var writer = new NetlinkWriter(buffer, type, flags);
        var isNew = type == RTM_NEWROUTE;

        // No gateway: whoever is behind the link is reached by it directly. IPv6 knows no such scope.
        RouteMessages.Info(
            ref writer,
            destination.Family,
            destination.Length,
            table: RT_TABLE_MAIN,
            protocol: isNew ? RTPROT_STATIC : (byte)0,
            scope: destination.IsIPv6 ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK,
            type: isNew ? RTN_UNICAST : (byte)0);
        writer.Address(RTA_DST, destination);
        writer.U32(RTA_OIF, (uint)link.Index);
        return writer.Finish();
    }
}
