using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>
/// What of a tunnel that was brought up is no longer as its plan has it, because somebody else changed it (S-6). An endpoint that moved is no drift:
/// WireGuard follows its peers, and pinning is a matter of its own.
/// </summary>
internal static class TunnelDrift
{
    /// <summary>Looks at the link, its addresses and routes, and the peers of the device.</summary>
    /// <returns>The first difference as the end of a sentence that begins with the name of the link, or null where there is none.</returns>
    /// <exception cref="SystemFailure">The kernel or a userspace program does not tell.</exception>
    internal static string? Find(SafeFileHandle netns, NamespacePlan plan)
    {
        if (WireGuardRecord.Load(plan.Namespace) is not { } record)
        {
            return null;
        }

        using var inside = NetlinkSocket.OpenIn(netns, NetlinkConstants.NETLINK_ROUTE);
        if (Links.Find(inside, record.Interface) is not { } link)
        {
            return "is gone";
        }

        if (!link.IsUp)
        {
            return "is down";
        }

        var addresses = plan.WireGuard.Addresses.Select(AddressPrefix.Parse).ToHashSet();
        if (!addresses.SetEquals(Addresses.List(inside, link)))
        {
            return "has other addresses than were applied";
        }

        if (RoutesDiffer(Routes.List(inside, link), [.. plan.WireGuard.Routes.Select(AddressPrefix.Parse)]))
        {
            return "has other routes than were applied";
        }

        using var device = WireGuardStatus.Open(netns, record);
        using var now = device.Read();
        return OfPeers(now, plan.WireGuard);
    }

    // As Routes.Ensure has it: what the kernel makes for an address may be there, and counts where it is wanted.
    private static bool RoutesDiffer(IReadOnlyList<RouteEntry> present, HashSet<AddressPrefix> wanted) =>
        present.Any(route => !route.IsKernels && !wanted.Contains(route.Destination)) || !wanted.IsSubsetOf(present.Select(route => route.Destination));

    /// <summary>Looks at the peers of a device alone. One whose name has no address yet is left out of the device.</summary>
    internal static string? OfPeers(WireGuardDevice device, WireGuardPlan plan)
    {
        var present = device.Peers.Select(peer => peer.PublicKey).ToHashSet(StringComparer.Ordinal);
        if (!present.IsSubsetOf(plan.Peers.Select(peer => peer.PublicKey)) || plan.Peers.Any(peer => peer.EndpointName is null && !present.Contains(peer.PublicKey)))
        {
            return "has other peers than were applied";
        }

        // An allowed IP that two peers name is the last one's, so all are compared at once.
        var allowed = plan.Peers.Where(peer => present.Contains(peer.PublicKey)).SelectMany(peer => peer.AllowedIPs).ToHashSet(StringComparer.Ordinal);
        return allowed.SetEquals(device.Peers.SelectMany(peer => peer.AllowedIPs)) ? null : "has other allowed IPs than were applied";
    }
}
