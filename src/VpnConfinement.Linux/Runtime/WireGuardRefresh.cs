using System.Net;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>
/// Looks up the names of endpoints again and tells the living device. A lookup that fails changes nothing; a peer that was nowhere so far is made.
/// </summary>
public static class WireGuardRefresh
{
    /// <summary>Does one refresh of the peers whose interval is over. Without a tunnel there is nothing to do.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="log">Takes a line for each change and each lookup that failed.</param>
    /// <param name="stored">Reads the plan that is stored by now: where it is another one, 'apply' has told the device. Null where nobody can.</param>
    /// <exception cref="SystemFailure">A name still has no address at all, so that a peer is missing; or the device does not answer.</exception>
    public static void Run(NamespacePlan plan, Action<string> log, Func<NamespacePlan>? stored = null)
    {
        var before = EndpointRecord.Load(plan.Namespace);
        var due = plan.WireGuard.Peers.Where(peer => peer.EndpointName is not null && before.IsDue(peer, Environment.TickCount64)).ToList();
        if (due.Count == 0 || WireGuardRecord.Load(plan.Namespace) is null)
        {
            return;
        }

        // Before the lock: a lookup may take seconds, and "down" has to get through meanwhile.
        var answers = EndpointNames.LookUp(plan, due, log);
        using var held = NamespaceLock.Take(plan.Namespace);
        if (WireGuardRecord.Load(plan.Namespace) is not { } tunnel || !WireGuardStatus.HasLink(plan.Namespace, tunnel.Interface))
        {
            return;
        }

        if (stored?.Invoke() is { } now && PlanJson.Write(now) != PlanJson.Write(plan))
        {
            log("the configuration was changed during the lookup");
            return;
        }

        using var netns = Netns.Open(plan.Namespace);
        Tell(plan, due, answers, netns, tunnel, log);
    }

    private static void Tell(
        NamespacePlan plan, List<PeerPlan> due, IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> answers, SafeFileHandle netns, WireGuardRecord tunnel, Action<string> log)
    {
        using var device = WireGuardStatus.Open(netns, tunnel);
        using var current = device.Read();
        var record = EndpointRecord.Load(plan.Namespace);
        var missing = new List<string>();
        var hasMoved = false;
        foreach (var peer in due)
        {
            var present = current.Peers.FirstOrDefault(p => p.PublicKey == peer.PublicKey);
            var last = record.Find(peer) ?? present?.Endpoint;
            if (EndpointNames.Choose(peer, answers, last) is not { } address)
            {
                if (last is null)
                {
                    missing.Add($"{peer.EndpointName}");
                }

                continue;
            }

            if (present is null)
            {
                Add(plan, peer, address, device, current, log);
            }
            else if (present.Endpoint is null || !address.Equals(last))
            {
                device.SetEndpoint(peer.PublicKey, address);
            }

            if (present?.Endpoint is null || !address.Equals(last))
            {
                log($"{peer.EndpointName} is {address} now");
                hasMoved = true;
            }

            record.Set(peer, address, Environment.TickCount64);
        }

        record.Save(plan);
        if (hasMoved && plan.WireGuard.Mtu is null)
        {
            EnsureMtu(plan, device, netns, tunnel, log);
        }

        if (missing.Count > 0)
        {
            throw new SystemFailure(
                $"no address for {string.Join(", ", missing)} yet: nothing goes to that peer of namespace {plan.Namespace}",
                "it is tried again in 10 seconds; check the name, and that its resolver can be reached from where the tunnel's socket is");
        }
    }

    // Another endpoint may be behind another link of the host.
    private static void EnsureMtu(
        NamespacePlan plan, IWireGuard device, SafeFileHandle netns, WireGuardRecord tunnel, Action<string> log)
    {
        using var birthplace = BirthplaceNetns.Open(plan);
        using var inside = NetlinkSocket.OpenIn(netns, NetlinkConstants.NETLINK_ROUTE);
        using var moved = device.Read();
        var endpoints = moved.Peers.Select(peer => peer.Endpoint).OfType<IPEndPoint>();
        LinkMtu.Ensure(plan, birthplace, endpoints, inside, Links.Get(inside, tunnel.Interface), log);
    }

    // That peer alone: a peer that is written again loses its allowed IPs for a moment.
    private static void Add(NamespacePlan plan, PeerPlan peer, IPEndPoint address, IWireGuard device, WireGuardDevice current, Action<string> log)
    {
        using var config = WireGuardConfigReader.Read(plan.WireGuard with { Peers = [peer] }, new Dictionary<PublicKey, IPEndPoint> { [peer.PublicKey] = address }, log);
        device.Apply(config, current with { Peers = [] });
    }
}
