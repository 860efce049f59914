using System.Net;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;

namespace VpnConfinement.Linux.Parts;

/// <summary>The loopback of a namespace: up, with the kernel's own addresses.</summary>
internal static class LoopbackPart
{
    private static readonly AddressPrefix IPv4 = new(IPAddress.Loopback, 8);
    private static readonly AddressPrefix IPv6 = new(IPAddress.IPv6Loopback, 128);

    /// <summary>Makes it be so.</summary>
    /// <param name="inside">A route socket of the netns.</param>
    /// <param name="loopback">Its loopback.</param>
    /// <param name="hasIPv6">Whether IPv6 is on in it.</param>
    internal static void Ensure(NetlinkSocket inside, Link loopback, bool hasIPv6)
    {
        // The kernel gives it its addresses when it comes up.
        if (!loopback.IsUp)
        {
            Links.SetUp(inside, loopback);
        }

        Addresses.Ensure(inside, loopback, hasIPv6 && Sysctl.HasGroup("ipv6") ? [IPv4, IPv6] : [IPv4]);
    }

    /// <summary>What it is.</summary>
    /// <exception cref="SystemFailure">The kernel does not tell.</exception>
    internal static LoopbackState Observe(SafeFileHandle netns)
    {
        using var inside = NetlinkSocket.OpenIn(netns, NetlinkConstants.NETLINK_ROUTE);
        var loopback = Links.List(inside).FirstOrDefault(link => link.IsLoopback)
            ?? throw new SystemFailure("the kernel lists no loopback");
        return new LoopbackState(
            loopback.IsUp, [.. Addresses.List(inside, loopback).Select(address => address.ToString())]);
    }
}
