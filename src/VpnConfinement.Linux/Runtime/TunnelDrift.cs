using System.Net;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>
/// What of a tunnel that was brought up is no longer as its plan has it, because somebody else changed it (S-6, S-32). An endpoint that moved is no drift
/// unless it is pinned: WireGuard follows its peers.
/// </summary>
internal static class TunnelDrift
{
    /// <summary>Looks at the link, its addresses and routes, and the device but for its keys and endpoints.</summary>
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

        if (link.Mtu != plan.WireGuard.Mtu)
        {
            return "has another MTU than was applied";
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
        return OfDevice(now, plan.WireGuard);
    }

    // As Routes.Ensure has it: what the kernel makes for an address may be there, and counts where it is wanted.
    private static bool RoutesDiffer(IReadOnlyList<RouteEntry> present, HashSet<AddressPrefix> wanted) =>
        present.Any(route => !route.IsKernels && !wanted.Contains(route.Destination)) || !wanted.IsSubsetOf(present.Select(route => route.Destination));

    /// <summary>
    /// Holds the keys of the device against their files, and its endpoints against the pinned ones: apart, since who changes a key file has it take effect
    /// when the tunnel is next started or applied, and not while the watcher looks; and a pinned peer that moved is no reason to restart a tunnel.
    /// </summary>
    /// <returns>As <see cref="Find"/>.</returns>
    /// <exception cref="SystemFailure">A key file holds no key, or the device does not answer.</exception>
    internal static string? OfKeys(SafeFileHandle netns, NamespacePlan plan)
    {
        if (WireGuardRecord.Load(plan.Namespace) is not { } record)
        {
            return null;
        }

        using var device = WireGuardStatus.Open(netns, record);
        using var now = device.Read();
        using var wanted = WireGuardConfigReader.Read(plan.WireGuard, new Dictionary<string, IPEndPoint>(), static _ => { });
        if (!now.HasKey(wanted.PrivateKey))
        {
            return $"has another private key than its key file {plan.WireGuard.PrivateKeyFile}";
        }

        foreach (var (peer, other) in Pairs(now, wanted))
        {
            if (!WireGuardDevice.Same(peer.PresharedKey, other.PresharedKey))
            {
                return $"has another preshared key than was applied for the peer {peer.PublicKey}";
            }

            if (plan.Pinning is not null && other.Endpoint is not null && !other.Endpoint.Equals(peer.Endpoint))
            {
                return $"sends to another endpoint than the pinned one of the peer {peer.PublicKey}";
            }
        }

        return null;
    }

    /// <summary>Looks at a device alone, but for its keys and endpoints. A peer whose name has no address yet is left out of the device.</summary>
    internal static string? OfDevice(WireGuardDevice device, WireGuardPlan plan)
    {
        var present = device.Peers.ToDictionary(peer => peer.PublicKey, StringComparer.Ordinal);
        if (!plan.Peers.Select(peer => peer.PublicKey).ToHashSet(StringComparer.Ordinal).IsSupersetOf(present.Keys)
            || plan.Peers.Any(peer => peer.EndpointName is null && !present.ContainsKey(peer.PublicKey)))
        {
            return "has other peers than were applied";
        }

        // An allowed IP that two peers name is the last one's, so all are compared at once.
        var peers = plan.Peers.Where(peer => present.ContainsKey(peer.PublicKey)).ToList();
        var allowed = peers.SelectMany(peer => peer.AllowedIPs).ToHashSet(StringComparer.Ordinal);
        return !allowed.SetEquals(device.Peers.SelectMany(peer => peer.AllowedIPs)) ? "has other allowed IPs than were applied"
            : device.FwMark != plan.FwMark ? "has another firewall mark than was applied"
            : plan.ListenPort is { } port && device.ListenPort != port ? "has another listen port than was applied"
            : peers.Find(peer => present[peer.PublicKey].PersistentKeepalive != peer.PersistentKeepalive) is { } other ? $"has another persistent keepalive than was applied for the peer {other.PublicKey}"
            : null;
    }

    private static IEnumerable<(WireGuardPeer Peer, WireGuardPeerConfig Wanted)> Pairs(WireGuardDevice device, WireGuardConfig wanted) =>
        device.Peers.Join(wanted.Peers, peer => peer.PublicKey, peer => peer.PublicKey, (peer, other) => (peer, other), StringComparer.Ordinal);
}
