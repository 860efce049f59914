using System.Net;
using System.Runtime.InteropServices;
using VpnConfinement.Model;
using static VpnConfinement.Linux.Interop.LibcConstants;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.RouteConstants;

namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>What a link knows of the hardware addresses behind it (linux/neighbour.h).</summary>
internal static class Neighbours
{
    private const int Room = 128;

    /// <summary>
    /// Tells a link the hardware address of an IPv4 neighbour, as if the neighbour had answered a moment ago. The
    /// kernel asks again by itself, and without broadcast.
    /// </summary>
    internal static void Tell(NetlinkSocket socket, Link link, IPAddress neighbour, MacAddress hardwareAddress) =>
        socket.Execute(
            Message(stackalloc byte[Room], link, neighbour, hardwareAddress),
            $"tell link {link.Name} the hardware address of {neighbour}");

    /// <summary>The message that does it.</summary>
    internal static Span<byte> Message(Span<byte> buffer, Link link, IPAddress neighbour, MacAddress hardwareAddress)
    {
        var writer = new NetlinkWriter(buffer, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE);
        Span<byte> info = stackalloc byte[NeighbourMessageLength];
        info.Clear();
        info[0] = AF_INET;
        MemoryMarshal.Write(info[4..], link.Index);
        MemoryMarshal.Write(info[8..], NUD_REACHABLE);
        writer.Struct(info);
        writer.Bytes(NDA_DST, neighbour.GetAddressBytes());
        writer.Bytes(NDA_LLADDR, hardwareAddress.ToBytes());
        return writer.Finish();
    }
}
