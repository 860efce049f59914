using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;

namespace VpnConfinement.Linux.Runtime;

/// <summary>Takes the tunnel of a namespace down, and with it a userspace program. Absent is fine. The namespace stays, blocked.</summary>
public static class WireGuardDown
{
    /// <summary>Deletes the link.</summary>
    /// <param name="ns">Name of the namespace.</param>
    /// <param name="interfaceName">Name of the link in it.</param>
    /// <param name="log">Takes a line for each thing done.</param>
    /// <exception cref="SystemFailure">The kernel refused, or a userspace program does not end.</exception>
    public static void Run(string ns, string interfaceName, Action<string> log)
    {
        using var held = NamespaceLock.Take(ns);
        if (Netns.Observe(ns) is not NetnsState.Ours ours)
        {
            WireGuardLink.Remove(ns, interfaceName, inside: null);
            return;
        }

        using var netns = ours.Handle;
        using var inside = NetlinkSocket.OpenIn(netns, NetlinkConstants.NETLINK_ROUTE);
        WireGuardLink.Remove(ns, interfaceName, inside);
        log($"deleted the WireGuard link {interfaceName}");
    }
}
