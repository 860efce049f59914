using VpnConfinement.Plan;

namespace VpnConfinement.Drift;

/// <summary>
/// How a tunnel that was brought up differs from what its plan wants (S-6, S-32). An endpoint that moved is no
/// difference unless it is pinned: WireGuard follows its peers.
/// </summary>
public static class TunnelComparison
{
    /// <summary>The differences of the link and its device, each to follow the name of the link.</summary>
    /// <param name="wanted">What it must be.</param>
    /// <param name="seen">What it is; null for none.</param>
    public static IEnumerable<string> Of(WireGuardPlan wanted, TunnelState? seen) =>
        seen is null ? ["is gone"] : OfLink(wanted, seen).Concat(OfDevice(wanted, seen.Device));

    /// <summary>
    /// The differences of a device alone, each to follow the name of the link. A peer whose name has no address yet is
    /// left out of the device.
    /// </summary>
    public static IEnumerable<string> OfDevice(WireGuardPlan wanted, DeviceState seen)
    {
        var present = seen.Peers.ToDictionary(peer => peer.PublicKey);
        var known = wanted.Peers.Select(peer => peer.PublicKey).ToHashSet();
        if (!known.IsSupersetOf(present.Keys)
            || wanted.Peers.Any(peer => peer.EndpointName is null && !present.ContainsKey(peer.PublicKey)))
        {
            yield return "has other peers than were applied";
        }

        // An allowed IP that two peers name is the last one's, so all are compared at once.
        var peers = wanted.Peers.Where(peer => present.ContainsKey(peer.PublicKey)).ToList();
        var allowed = Texts(peers.SelectMany(peer => peer.AllowedIPs));
        if (!allowed.SetEquals(seen.Peers.SelectMany(peer => peer.AllowedIPs)))
        {
            yield return "has other allowed IPs than were applied";
        }

        if (seen.FwMark != wanted.FwMark)
        {
            yield return "has another firewall mark than was applied";
        }

        if (wanted.ListenPort is { } port && seen.ListenPort != port)
        {
            yield return "has another listen port than was applied";
        }

        foreach (var peer in peers.Where(p => present[p.PublicKey].PersistentKeepalive != p.PersistentKeepalive))
        {
            yield return $"has another persistent keepalive than was applied for the peer {peer.PublicKey}";
        }
    }

    private static IEnumerable<string> OfLink(WireGuardPlan wanted, TunnelState seen)
    {
        // Not the route's of now: that changes by itself, and is heeded when an endpoint moves.
        if (seen.Mtu != (wanted.Mtu ?? seen.RouteMtu))
        {
            yield return "has another MTU than was applied";
        }

        if (!Texts(wanted.Addresses).SetEquals(seen.Addresses))
        {
            yield return "has other addresses than were applied";
        }

        // One that is down has no routes either: one thing to say.
        if (!seen.IsUp)
        {
            yield return "is down";
        }
        else if (RoutesDiffer(Texts(wanted.Routes), seen.Routes))
        {
            yield return "has other routes than were applied";
        }
    }

    private static HashSet<string> Texts<T>(IEnumerable<T> values) => [.. values.Select(value => $"{value}")];

    // What the kernel makes for an address may be there, and counts where it is wanted.
    private static bool RoutesDiffer(HashSet<string> wanted, IReadOnlyList<LinkRouteState> seen) =>
        seen.Any(route => !route.IsConnected && !wanted.Contains(route.Destination))
        || !wanted.IsSubsetOf(seen.Select(route => route.Destination));
}
