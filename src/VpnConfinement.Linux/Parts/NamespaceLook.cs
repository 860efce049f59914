using Microsoft.Win32.SafeHandles;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Parts;

/// <summary>Looks at every part of a namespace, once, for all who ask (<see cref="PartList"/>).</summary>
internal static class NamespaceLook
{
    /// <summary>What differs from what was brought up.</summary>
    /// <param name="plan">By what it was brought up.</param>
    /// <param name="withKeys">
    /// Whether its keys are held against their files, and its endpoints against the pinned ones.
    /// </param>
    internal static IReadOnlyList<DriftEntry> Find(NamespacePlan plan, bool withKeys) =>
        PartList.Compare(plan, At(plan, withKeys, source: null));

    /// <summary>What differs from what was applied, its keys among it; where that cannot be read, that.</summary>
    /// <param name="ns">Name of the namespace.</param>
    /// <param name="isActive">
    /// Whether its unit is up, as far as systemd knows; asked once it was seen that the netns is not there.
    /// </param>
    internal static IReadOnlyList<DriftEntry> FindApplied(string ns, Func<bool> isActive) =>
        Look.At(() => PlanStore.Load(ns).Plan) switch
        {
            Observation<NamespacePlan>.Known { Value: var plan } =>
                PartList.Compare(plan, Applied(plan, isActive)),
            Observation<NamespacePlan>.Unknown unknown => PartList.Compare(new HostState
            {
                Records = [new SeenItem<bool>(ns, new Observation<bool>.Unknown(unknown.Reason))],
            }),
            _ => throw new InvalidOperationException("an observation of an unknown kind"),
        };

    /// <summary>How the ruleset of a netns differs from the one that was applied.</summary>
    /// <exception cref="SystemFailure">What was applied cannot be read.</exception>
    internal static IReadOnlyList<DriftEntry> FindRuleset(string ns, SafeFileHandle netns)
    {
        var plan = PlanStore.Load(ns).Plan;
        return PartList.Compare(plan, new NamespaceObservation
        {
            Netns = new NetnsPresence.Up(),
            Ruleset = Look.AtTable(() => OwnTables.Inside(ns, plan.RulesetSha256).DriftIn(netns)),
        });
    }

    // Up, and without what the netns is known by: nothing would start in it.
    private static NamespaceObservation Applied(NamespacePlan plan, Func<bool> isActive)
    {
        var (seen, marker) = (At(plan, withKeys: true, plan.RulesetSha256), StateLayout.NetnsMarker(plan.Namespace));
        return seen.Netns is not NetnsPresence.Down || File.Exists(marker) || !isActive() ? seen : seen with
        {
            Netns = new NetnsPresence.Lost(
                $"namespace {plan.Namespace} is up, and what it is known by ({marker}) is gone"),
        };
    }

    /// <summary>Looks.</summary>
    /// <param name="plan">By what it was brought up.</param>
    /// <param name="withKeys">As for <see cref="Find"/>.</param>
    /// <param name="source">Hash of the text that its ruleset has to be loaded from; null for any.</param>
    private static NamespaceObservation At(NamespacePlan plan, bool withKeys, string? source)
    {
        NetnsState state;
        try
        {
            state = Netns.Observe(plan.Namespace);
        }
        catch (SystemFailure e)
        {
            var reason = $"namespace {plan.Namespace} cannot be looked at: {e.Message}";
            return Away(plan, new NetnsPresence.Unknown(reason));
        }

        switch (state)
        {
            case NetnsState.Ours ours:
                using (ours.Handle)
                {
                    return Inside(plan, ours.Handle, withKeys, source);
                }

            // A marker says that it was brought up.
            case NetnsState.Absent:
                return Away(plan, File.Exists(StateLayout.NetnsMarker(plan.Namespace))
                    ? new NetnsPresence.Lost($"the name {StateLayout.Netns(plan.Namespace)} was deleted")
                    : new NetnsPresence.Down());
            case NetnsState.Foreign foreign:
                return Away(plan, File.Exists(StateLayout.NetnsMarker(plan.Namespace))
                    ? new NetnsPresence.Lost(foreign.Reason)
                    : new NetnsPresence.Down());
            default:
                throw new InvalidOperationException("a netns state of an unknown kind");
        }
    }

    private static NamespaceObservation Away(NamespacePlan plan, NetnsPresence presence) => new()
    {
        Netns = presence,
        HostRoute = RouteOf(plan),
    };

    private static NamespaceObservation Inside(
        NamespacePlan plan, SafeFileHandle netns, bool withKeys, string? source)
    {
        var ns = plan.Namespace;
        var hasTunnel = WireGuardRecord.Load(ns) is not null;
        var seen = new NamespaceObservation
        {
            Netns = new NetnsPresence.Up(),
            HasTunnel = hasTunnel,
            Ruleset = Look.AtTable(() => OwnTables.Inside(ns, source).DriftIn(netns)),
            Setting = Look.At(() => NetnsSysctls.Changed(netns, plan.DisableIPv6)),
            Loopback = Look.At(() => LoopbackPart.Observe(netns)),
            Environment = Look.At(() => StateFile.Read(StateLayout.EnvironmentFile(ns))),
            HostRoute = RouteOf(plan),
        };
        if (plan.HostLink is { } link)
        {
            var ends = HostLinkLook.At(ns, link, netns);
            seen = seen with
            {
                HostEnd = ends.HostEnd,
                NamespaceEnd = ends.NamespaceEnd,
                LinkFilters = ends.Filters,
                LinkSetting = Look.At(() => HostLink.ChangedSetting(link)),
                HostTable = Look.AtTable(() => OwnTables.OnHost(ns, link).DriftHere()),
                HostRules = Look.At(() => ForwardingGuard.IsThere(link.HostInterface)),
            };
        }

        return !hasTunnel ? seen : WithTunnel(seen, plan, netns, withKeys);
    }

    // What is outside the namespace belongs to the tunnel as well: the netns where its socket is.
    private static NamespaceObservation WithTunnel(
        NamespaceObservation seen, NamespacePlan plan, SafeFileHandle netns, bool withKeys)
    {
        var tunnel = Look.At(() => TunnelLook.At(netns, plan));

        // Of what is another device, or none, the keys say nothing.
        var isAsApplied = tunnel is Observation<TunnelState?>.Known { Value: { } state }
            && !TunnelComparison.Of(plan.WireGuard, state).Any();
        return seen with
        {
            Tunnel = tunnel,
            TunnelKeys = withKeys && isAsApplied ? Look.At(() => TunnelLook.OfKeys(netns, plan)) : null,
            Birthplace = Look.At(() => WireGuardStatus.HasBirthplace(plan.Namespace)),
            Pinning = plan.Pinning is { } pinning ? Look.AtTable(() => EndpointPin.Drift(plan, pinning)) : null,
        };
    }

    private static Observation<bool>? RouteOf(NamespacePlan plan) =>
        plan.HostLink is { } link ? Look.At(() => HostRoute.IsThere(link.Subnet)) : null;
}
