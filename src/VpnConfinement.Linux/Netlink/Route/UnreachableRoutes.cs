using System.Runtime.InteropServices;
using VpnConfinement.Linux.Interop;
using static VpnConfinement.Linux.Interop.LibcConstants;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.RouteConstants;

namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>
/// Routes of the main table that refuse a prefix (linux/rtnetlink.h, RTN_UNREACHABLE). They have the highest metric, so
/// that they count only where no other route to the prefix does, and the protocol of the kernel's own, which
/// systemd-networkd leaves alone.
/// </summary>
internal static class UnreachableRoutes
{
    private const int Room = 128;

    /// <summary>Makes one be there.</summary>
    /// <returns>Whether it was missing.</returns>
    internal static bool Ensure(NetlinkSocket socket, AddressPrefix prefix)
    {
        try
        {
            socket.Execute(
                Message(stackalloc byte[Room], RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, prefix), $"add the unreachable route to {prefix}");
            return true;
        }
        catch (SystemFailure e) when (e.Errno == Errno.EEXIST)
        {
            return false;
        }
    }

    /// <summary>Deletes one; absent is fine.</summary>
    internal static void Delete(NetlinkSocket socket, AddressPrefix prefix)
    {
        try
        {
            socket.Execute(
                Message(stackalloc byte[Room], RTM_DELROUTE, 0, prefix), $"delete the unreachable route to {prefix}");
        }
        catch (SystemFailure e) when (e.Errno == Errno.ESRCH)
        {
            // gone already
        }
    }

    /// <summary>Whether it is there.</summary>
    /// <param name="socket">A <see cref="NetlinkSocket.Narrowing"/> one: the host may have a million routes.</param>
    /// <param name="prefix">Where the route leads.</param>
    internal static bool IsThere(NetlinkSocket socket, AddressPrefix prefix)
    {
        var writer = new NetlinkWriter(stackalloc byte[Room], RTM_GETROUTE, NLM_F_DUMP);
        Span<byte> info = stackalloc byte[RouteMessageLength];
        info.Clear();
        info[0] = AF_INET;
        info[4] = RT_TABLE_MAIN;
        info[5] = RTPROT_KERNEL;
        info[7] = RTN_UNREACHABLE;
        writer.Struct(info);
        return socket.Query<AddressPrefix>(writer.Finish(), "list the unreachable routes", Parse).Contains(prefix);
    }

    /// <summary>The message that adds or deletes one.</summary>
    internal static Span<byte> Message(Span<byte> buffer, ushort type, ushort flags, AddressPrefix prefix)
    {
        var writer = new NetlinkWriter(buffer, type, flags);
        Span<byte> info = stackalloc byte[RouteMessageLength];
        info.Clear();
        info[0] = prefix.Family;
        info[1] = prefix.Length;
        info[4] = RT_TABLE_MAIN;
        info[5] = RTPROT_KERNEL;
        info[6] = RT_SCOPE_UNIVERSE;
        info[7] = RTN_UNREACHABLE;
        writer.Struct(info);
        Span<byte> bytes = stackalloc byte[16];
        writer.Bytes(RTA_DST, bytes[..prefix.WriteBytes(bytes)]);
        writer.U32(RTA_PRIORITY, uint.MaxValue);
        return writer.Finish();
    }

    /// <summary>Where a route of ours leads; null for any other.</summary>
    internal static AddressPrefix? Parse(ReadOnlySpan<byte> payload)
    {
        var attributes = AttributeReader.After(payload, RouteMessageLength);
        if (payload[0] != AF_INET || payload[3] != 0 || payload[5] != RTPROT_KERNEL || payload[7] != RTN_UNREACHABLE)
        {
            return null;
        }

        AddressPrefix? destination = null;
        uint metric = 0, table = payload[4];
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case RTA_DST:
                    destination = AddressPrefix.FromBytes(attributes.Value, payload[1]);
                    break;
                case RTA_PRIORITY:
                    metric = attributes.Number<uint>();
                    break;
                case RTA_TABLE:
                    table = attributes.Number<uint>();
                    break;
            }
        }

        return metric == uint.MaxValue && table == RT_TABLE_MAIN ? destination : null;
    }
}
