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
        RouteMessages.Info(
            ref writer, AF_INET, table: RT_TABLE_MAIN, protocol: RTPROT_KERNEL, type: RTN_UNREACHABLE);
        return socket.Query<AddressPrefix>(writer.Finish(), "list the unreachable routes", Parse).Contains(prefix);
    }

    /// <summary>The message that adds or deletes one.</summary>
    internal static Span<byte> Message(Span<byte> buffer, ushort type, ushort flags, AddressPrefix prefix)
    {
        var writer = new NetlinkWriter(buffer, type, flags);
        RouteMessages.Info(
            ref writer, prefix.Family, prefix.Length, table: RT_TABLE_MAIN, protocol: RTPROT_KERNEL,
            scope: RT_SCOPE_UNIVERSE, type: RTN_UNREACHABLE);
        writer.Address(RTA_DST, prefix);
        writer.U32(RTA_PRIORITY, uint.MaxValue);
        return writer.Finish();
    }

    /// <summary>Where a route of ours leads; null for any other.</summary>
    internal static AddressPrefix? Parse(ReadOnlySpan<byte> payload) => RouteMessages.Parse(payload) is
    {
        Destination.IsIPv6: false, Type: RTN_UNREACHABLE, Protocol: RTPROT_KERNEL, Table: RT_TABLE_MAIN,
        Metric: uint.MaxValue, TypeOfService: 0,
    } route ? route.Destination : null;
}
