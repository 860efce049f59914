using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Netlink.WireGuard;

namespace VpnConfinement.Linux.Runtime;

/// <summary>What the tunnel of a namespace is doing.</summary>
public static class WireGuardStatus
{
    /// <summary>Whether the link is in the namespace.</summary>
    /// <exception cref="SystemFailure">The namespace is not up or not ours.</exception>
    public static bool HasLink(string ns, string interfaceName)
    {
        using var netns = Netns.Open(ns);
        return HasLink(netns, interfaceName);
    }

    /// <summary>Whether the link is in a netns.</summary>
    internal static bool HasLink(SafeFileHandle netns, string interfaceName)
    {
        using var inside = NetlinkSocket.OpenIn(netns, NetlinkConstants.NETLINK_ROUTE);
        return Links.Find(inside, interfaceName) is not null;
    }

    /// <summary>Reads the device; the caller disposes of it.</summary>
    /// <param name="ns">Name of the namespace.</param>
    /// <returns>The device, or null where no tunnel was brought up.</returns>
    /// <exception cref="SystemFailure">The namespace is not up or not ours, or the device does not answer.</exception>
    public static WireGuardDevice? Read(string ns)
    {
        using var netns = Netns.Open(ns);
        if (WireGuardRecord.Load(ns) is not { } record)
        {
            return null;
        }

        using var device = Open(netns, record);
        return device.Read();
    }

    /// <summary>Speaks to the device that a record names.</summary>
    internal static IWireGuard Open(SafeFileHandle netns, WireGuardRecord record) =>
        record.UserspaceName is { } name ? new UserspaceWireGuard(name) : KernelWireGuard.Open(netns, record.Interface);

    /// <summary>Whether the netns in which the link was made is there as it was then; true where there is no link.</summary>
    internal static bool HasBirthplace(string ns)
    {
        if (WireGuardRecord.Load(ns) is not { } record)
        {
            return true;
        }

        using var birthplace = BirthplaceNetns.FindPlace(record.Place);
        return birthplace is not null;
    }
}
