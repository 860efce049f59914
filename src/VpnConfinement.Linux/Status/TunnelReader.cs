using VpnConfinement.Health;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Status;

/// <summary>Looks at what a tunnel and its resolvers do. Sends nothing: it reads counters, and what the watcher found of them.</summary>
/// <param name="ns">The namespace as it was applied.</param>
/// <param name="units">What systemd said of the units.</param>
/// <param name="applied">What <c>apply</c> knows besides.</param>
internal sealed class TunnelReader(ManifestNamespace ns, UnitSnapshot units, JustApplied applied)
{
    /// <summary>The states of the tunnel and, where any are pinned, of the resolvers.</summary>
    /// <param name="netns">The netns, or null while it is down.</param>
    /// <param name="isWanted">Whether somebody runs who would send over it.</param>
    internal IEnumerable<HealthEntry> Read(NetnsIdentity? netns, bool isWanted)
    {
        var unit = StateLayout.WireGuardUnit(ns.Interface);
        var record = netns is { } identity ? Try(() => Record(identity)) : null;
        var hasLink = netns is null ? false : Try(() => (bool?)(WireGuardRecord.Load(ns.Name) is not null && WireGuardStatus.HasLink(ns.Name, ns.Interface)));
        using var device = hasLink == true ? Try(() => WireGuardStatus.Read(ns.Name)) : null;
        var tunnel = TunnelHealth.Judge(
            new TunnelObservation
            {
                UnitName = unit,
                Unit = UnitStates.Of(units.Of(unit)),
                IsNamespaceUp = netns is not null,
                HasLink = hasLink,
                IsWanted = isWanted,
                Peers = device?.Peers.Select(p => Observed(p, record)).ToList(),
            },
            DateTimeOffset.UtcNow);
        yield return HealthEntry.Of(HealthKind.Tunnel, ns.Name, ns.Interface, tunnel);
        if (Try(() => Resolvers.Of(PlanStore.Load(ns.Name).Plan)) is not { Count: > 0 } servers)
        {
            // None are pinned, or what pins them is damaged, which is told of the namespace.
            yield break;
        }

        // Of a tunnel that was just made, its watcher may still have to take a first look.
        var state = units.Of(StateLayout.WatchUnit(ns.Name), "ActiveState");
        var isNew = UnitStates.Of(units.Of(unit)).Since is { } since && DateTimeOffset.UtcNow - since < AnswerJudge.FirstBound;
        var watcher = state == "active" && record?.Resolver is null && isNew ? "activating" : state;
        yield return HealthEntry.Of(HealthKind.Resolver, ns.Name, "resolver", ResolverHealth.Judge(new ResolverObservation(
            [.. servers.Select(s => s.ToString())],
            hasLink,
            applied.Answered.TryGetValue(ns.Name, out var answered) ? answered : null,
            record?.Resolver,
            watcher)));
    }

    private static PeerObservation Observed(WireGuardPeer peer, HealthRecord? record) => new(
        $"{peer.PublicKey}", peer.Endpoint?.ToString(), peer.LatestHandshake, peer.SentBytes,
        record?.Peers.GetValueOrDefault($"{peer.PublicKey}"));

    // Of a watcher that runs, and of this netns: what another one wrote says nothing.
    private HealthRecord? Record(NetnsIdentity netns) =>
        units.Of(StateLayout.WatchUnit(ns.Name), "ActiveState") is "active"
        && StateFile.Read(StateLayout.HealthRecord(ns.Name)) is { } text && HealthRecord.Read(text) is { } record && record.Netns == netns.ToString()
            ? record
            : null;

    // What cannot be read is not known; why is told with the other troubles of the namespace.
    private static T? Try<T>(Func<T?> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
