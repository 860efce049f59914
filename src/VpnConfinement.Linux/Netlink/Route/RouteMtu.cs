using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using VpnConfinement.Linux.Interop;
using static VpnConfinement.Linux.Interop.RouteConstants;

namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>How large a packet may be on the way to an address: what the kernel's own routing says.</summary>
internal static class RouteMtu
{
    private const int Room = 128;

    /// <summary>Asks the kernel, which also knows what routers on the way have told it (ip-route(8), "get").</summary>
    /// <param name="socket">A route socket in the netns from which it is sent.</param>
    /// <param name="address">Where to.</param>
    /// <param name="mark">Mark of the packets, by which they may have a route of their own; 0 for none.</param>
    /// <returns>
    /// Bytes; null where there is no route, or the address is the host's own, which says nothing of the way.
    /// </returns>
    internal static int? To(NetlinkSocket socket, IPAddress address, uint mark)
    {
        return Route(socket, address, mark) is not { Type: RTN_UNICAST } route ? null
            : route.Mtu ?? (int?)Links.Find(socket, route.Output)?.Mtu;
    }

    /// <summary>The route that a packet would take; null where there is none, or one that refuses.</summary>
    /// <param name="socket">A route socket in the netns from which it is sent.</param>
    /// <param name="address">Where to.</param>
    /// <param name="mark">Mark of the packets; 0 for none.</param>
    internal static RouteAnswer? Route(NetlinkSocket socket, IPAddress address, uint mark)
    {
        try
        {
            var message = Message(stackalloc byte[Room], address, mark);
            return socket.Query<RouteAnswer>(message, $"ask for the route to {address}", Parse).FirstOrDefault();
        }
        catch (SystemFailure e) when (e.Errno is Errno.ENETUNREACH or Errno.EHOSTUNREACH or Errno.EACCES or Errno.EINVAL
            or Errno.EAFNOSUPPORT)
        {
            // None, or one that refuses: unreachable, prohibit, blackhole; or a kernel without IPv6.
            return null;
        }
    }

    /// <summary>The question.</summary>
    internal static Span<byte> Message(Span<byte> buffer, IPAddress address, uint mark)
    {
        var writer = new NetlinkWriter(buffer, RTM_GETROUTE, 0);
        var length = address.AddressFamily is AddressFamily.InterNetworkV6 ? 128 : 32;
        var destination = new AddressPrefix(address, (byte)length);
        RouteMessages.Info(ref writer, destination.Family, destination.Length);
        writer.Address(RTA_DST, destination);
        if (destination.IsIPv6 && address.ScopeId is > 0 and var link)
        {
            writer.U32(RTA_OIF, (uint)link);
        }

        if (mark != 0)
        {
            writer.U32(RTA_MARK, mark);
        }

        return writer.Finish();
    }

    /// <summary>Reads the payload of RTM_NEWROUTE.</summary>
    internal static RouteAnswer Parse(ReadOnlySpan<byte> payload)
    {
        var attributes = AttributeReader.After(payload, RouteMessageLength);
        var output = 0;
        int? mtu = null;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case RTA_OIF:
                    output = attributes.Number<int>();
                    break;
                case RTA_METRICS:
                    mtu = MtuOf(attributes.Nested());
                    break;
            }
        }

        return new RouteAnswer(payload[7], output, mtu);
    }

    private static int? MtuOf(AttributeReader metrics)
    {
        while (metrics.Next())
        {
            if (metrics.Type == RTAX_MTU)
            {
                return metrics.Number<int>();
            }
        }

        return null;
    }
}
