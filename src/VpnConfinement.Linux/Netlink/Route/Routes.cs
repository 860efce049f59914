using System.Net;
using System.Runtime.InteropServices;
using VpnConfinement.Linux.Interop;
using static VpnConfinement.Linux.Interop.LibcConstants;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.RouteConstants;

namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>The routes over a link, in the main table.</summary>
internal static class Routes
{
    private const int Room = 256;

    /// <summary>Bytes of struct rtmsg: family, destination and source length, tos, table, protocol, scope, type, flags (u32).</summary>
    private const int InfoLength = 12;

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
    internal static IReadOnlyList<RouteEntry> List(NetlinkSocket socket, Link link)
    {
        var writer = new NetlinkWriter(stackalloc byte[Room], RTM_GETROUTE, NLM_F_DUMP);
        Span<byte> info = stackalloc byte[InfoLength];
        info.Clear();
        writer.Struct(info);
        return socket.Query<RouteEntry>(writer.Finish(), $"list the routes over link {link.Name}", payload => Parse(payload, link.Index));
    }

    /// <summary>The message that adds or deletes a route.</summary>
    internal static Span<byte> Message(Span<byte> buffer, ushort type, ushort flags, Link link, AddressPrefix destination)
    {
        var writer = new NetlinkWriter(buffer, type, flags);
        Span<byte> info = stackalloc byte[InfoLength];
        info.Clear();
        info[0] = destination.Family;
        info[1] = destination.Length;
        info[4] = RT_TABLE_MAIN;
        if (type == RTM_NEWROUTE)
        {
            info[5] = RTPROT_STATIC;
            info[7] = RTN_UNICAST;
        }

        // No gateway: whoever is behind the link is reached by it directly. IPv6 knows no such scope.
        info[6] = destination.IsIPv6 ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
        writer.Struct(info);
        Span<byte> bytes = stackalloc byte[16];
        writer.Bytes(RTA_DST, bytes[..destination.WriteBytes(bytes)]);
        writer.U32(RTA_OIF, (uint)link.Index);
        return writer.Finish();
    }

    private static RouteEntry? Parse(ReadOnlySpan<byte> payload, int index)
    {
        var attributes = AttributeReader.After(payload, InfoLength);
        if (payload[0] is not (AF_INET or AF_INET6) || payload[7] != RTN_UNICAST
            || (MemoryMarshal.Read<uint>(payload[8..]) & RTM_F_CLONED) != 0)
        {
            return null;
        }

        var any = payload[0] == AF_INET6 ? IPAddress.IPv6Any : IPAddress.Any;
        var destination = new AddressPrefix(any, payload[1]);
        uint output = 0, table = payload[4];
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
            }
        }

        return output == index && table == RT_TABLE_MAIN ? new RouteEntry(destination, IsKernels: payload[5] == RTPROT_KERNEL) : null;
    }
}
