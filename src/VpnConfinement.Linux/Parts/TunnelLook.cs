using System.Net;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Parts;

/// <summary>The link of a tunnel and its device as they are now.</summary>
internal static class TunnelLook
{
    /// <summary>Looks at the link that was brought up; null where there is none of that name.</summary>
    /// <exception cref="SystemFailure">The kernel or a userspace program does not tell.</exception>
    internal static TunnelState? At(SafeFileHandle netns, NamespacePlan plan)
    {
        if (WireGuardRecord.Load(plan.Namespace) is not { } record)
        {
            return null;
        }

        using var inside = NetlinkSocket.OpenIn(netns, NetlinkConstants.NETLINK_ROUTE);
        if (Links.Find(inside, record.Interface) is not { } link)
        {
            return null;
        }

        using var device = WireGuardStatus.Open(netns, record);
        using var now = device.Read();
        return new TunnelState
        {
            IsUp = link.IsUp,
            Mtu = link.Mtu,
            RouteMtu = record.Mtu,
            Addresses = [.. Addresses.List(inside, link).Select(address => address.ToString())],
            Routes =
            [
                .. Routes.List(inside, link).Select(route => new LinkRouteState(
                    route.Destination.ToString(), RouteConstants.RT_TABLE_MAIN, route.IsKernels)),
            ],
            Device = StateOf(now),
        };
    }

    /// <summary>What of a device is compared with the plan.</summary>
    internal static DeviceState StateOf(WireGuardDevice device) => new(
        device.FwMark,
        device.ListenPort,
        [.. device.Peers.Select(peer => new PeerState(peer.PublicKey, peer.AllowedIPs, peer.PersistentKeepalive))]);

    /// <summary>
    /// Holds the keys of the device against their files, and its endpoints against the pinned ones. It is apart, since a
    /// key file that is changed takes effect when the tunnel is next started or applied, and not while the watcher
    /// looks; and a pinned peer that moved is no reason to restart a tunnel.
    /// </summary>
    /// <returns>The first difference, to follow the name of the link, or null.</returns>
    /// <exception cref="SystemFailure">A key file holds no key, or the device does not answer.</exception>
    internal static string? OfKeys(SafeFileHandle netns, NamespacePlan plan)
    {
        if (WireGuardRecord.Load(plan.Namespace) is not { } record)
        {
            return null;
        }

        using var device = WireGuardStatus.Open(netns, record);
        using var now = device.Read();
        var names = new Dictionary<PublicKey, IPEndPoint>();
        using var wanted = WireGuardConfigReader.Read(plan.WireGuard, names, static _ => { });
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

    private static IEnumerable<(Netlink.WireGuard.WireGuardPeer Peer, WireGuardPeerConfig Wanted)> Pairs(
        WireGuardDevice device, WireGuardConfig wanted) => device.Peers.Join(
            wanted.Peers,
            peer => peer.PublicKey,
            peer => peer.PublicKey,
            (peer, other) => (peer, other));
}
