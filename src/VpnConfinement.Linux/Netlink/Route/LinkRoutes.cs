using System.Net;
using System.Runtime.InteropServices;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using static VpnConfinement.Linux.Interop.LibcConstants;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.RouteConstants;

namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>
/// All unicast routes over a link that may have one alone: that to the subnet of its address, as the kernel makes it.
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
        Span<byte> info = stackalloc byte[RouteMessageLength];
        info.Clear();
        foreach (var family in Families)
        {
            var writer = new NetlinkWriter(buffer, RTM_GETROUTE, NLM_F_DUMP);
            info[0] = family;
            writer.Struct(info);
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
        Span<byte> info = stackalloc byte[RouteMessageLength];
        info.Clear();
        info[0] = subnet.Family;
        info[1] = subnet.Length;
        info[4] = RT_TABLE_MAIN;
        info[5] = RTPROT_KERNEL;
        info[6] = RT_SCOPE_LINK;
        info[7] = RTN_UNICAST;
        writer.Struct(info);
        Span<byte> bytes = stackalloc byte[16];
        writer.Bytes(RTA_DST, bytes[..subnet.WriteBytes(bytes)]);
        writer.U32(RTA_OIF, (uint)link.Index);
        writer.Bytes(RTA_PREFSRC, address.GetAddressBytes());
        return writer.Finish();
    }

    /// <summary>
    /// Reads the payload of RTM_NEWROUTE; null for a route over another link, and for one of the kernel's own.
    /// </summary>
    internal static LinkRoute? Parse(ReadOnlySpan<byte> payload, int index)
    {
        var attributes = AttributeReader.After(payload, RouteMessageLength);
        if (payload[0] is not (AF_INET or AF_INET6) || payload[7] != RTN_UNICAST
            || (MemoryMarshal.Read<uint>(payload[8..]) & RTM_F_CLONED) != 0)
        {
            return null;
        }

        var any = payload[0] == AF_INET6 ? IPAddress.IPv6Any : IPAddress.Any;
        var destination = new AddressPrefix(any, payload[1]);
        uint output = 0, table = payload[4], metric = 0;
        IPAddress? gateway = null;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case RTA_DST:
                    destination = AddressPrefix.FromBytes(attributes.Value, payload[1]);
                    break;
                case RTA_OIF:
                    output = attributes.Number<uint>();
                    break;
                case RTA_TABLE:
                    table = attributes.Number<uint>();
                    break;
                case RTA_PRIORITY:
                    metric = attributes.Number<uint>();
                    break;
                case RTA_GATEWAY:
                    gateway = AddressPrefix.FromBytes(attributes.Value, 0).Address;
                    break;
            }
        }

        // Older kernels list the multicast route of IPv6 as unicast, in the local table.
        var isKernels = payload[0] == AF_INET6 && table == RT_TABLE_LOCAL && payload[5] == RTPROT_KERNEL;
        return output != index || isKernels ? null : new LinkRoute
        {
            Destination = destination,
            Table = table,
            Protocol = payload[5],
            Metric = metric,
            TypeOfService = payload[3],
            Gateway = gateway,
        };
    }

    private static bool IsWanted(LinkRoute route, AddressPrefix subnet) =>
        route.IsConnected && route.Destination == subnet;

    private static void Delete(NetlinkSocket socket, Link link, LinkRoute route)
    {
        var writer = new NetlinkWriter(stackalloc byte[Room], RTM_DELROUTE);
        Span<byte> info = stackalloc byte[RouteMessageLength];
        info.Clear();
        info[0] = route.Destination.Family;
        info[1] = route.Destination.Length;
        info[3] = route.TypeOfService;
        info[5] = route.Protocol;
        info[6] = RT_SCOPE_NOWHERE; // of any scope
        writer.Struct(info);
        Span<byte> bytes = stackalloc byte[16];
        writer.Bytes(RTA_DST, bytes[..route.Destination.WriteBytes(bytes)]);
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
