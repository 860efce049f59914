using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>Whether a namespace is in the kernel as it was brought up.</summary>
internal static class NamespaceDamage
{
    /// <summary>Looks at all of it.</summary>
    /// <param name="plan">By what it was brought up.</param>
    /// <param name="withKeys">Whether its keys are held against their files, and its endpoints against the pinned ones.</param>
    /// <returns>The first difference, or null: none, or a namespace that is not up. What cannot be read counts as damaged.</returns>
    internal static Damage? Find(NamespacePlan plan, bool withKeys)
    {
        var ns = plan.Namespace;
        switch (Netns.Observe(ns))
        {
            case NetnsState.Ours ours:
                using (ours.Handle)
                {
                    // What is only not known comes behind all that is.
                    var unproven = new List<Damage>();
                    return Look(DamagedPart.Ruleset, () =>
                        Of(OwnTables.Inside(ns, null).DriftIn(ours.Handle), $"the ruleset of namespace {ns}", unproven))
                        ?? Look(DamagedPart.Tunnel, () => OfTunnel(ours, plan, withKeys))
                        ?? Look(DamagedPart.Outside, () => OfOutside(plan, ours.Handle, unproven))
                        ?? Look(DamagedPart.Outside, () => OfSettings(ours.Handle, plan))
                        ?? unproven.FirstOrDefault();
                }

            // A marker says that it was brought up.
            case NetnsState.Absent:
                return File.Exists(StateLayout.NetnsMarker(ns)) ? new Damage(DamagedPart.Name, $"the name {StateLayout.Netns(ns)} was deleted") : null;
            case NetnsState.Foreign foreign:
                return File.Exists(StateLayout.NetnsMarker(ns)) ? new Damage(DamagedPart.Name, foreign.Reason) : null;
            default:
                throw new InvalidOperationException("a netns state of an unknown kind");
        }
    }

    private static Damage? Look(DamagedPart part, Func<string?> look)
    {
        try
        {
            return look() is { } reason ? new Damage(part, reason) : null;
        }
        catch (SystemFailure e)
        {
            return new Damage(part, e.Message);
        }
    }

    private static string? Of(RulesetDrift? drift, string table, List<Damage> unproven)
    {
        if (drift is { Kind: RulesetDriftKind.Unproven })
        {
            unproven.Add(new Damage(DamagedPart.Record, Unproven(table, drift)));
            return null;
        }

        return drift is null ? null : $"{table} is not the one that was loaded: {drift.Detail}";
    }

    /// <summary>The sentence for a table of which it is not known whether it is the one that was loaded.</summary>
    internal static string Unproven(string table, RulesetDrift drift) =>
        $"it is not known whether {table} is the one that was loaded: {drift.Detail}";

    // What is outside the namespace belongs to the tunnel as well: the netns where its socket is.
    private static string? OfTunnel(NetnsState.Ours ours, NamespacePlan plan, bool withKeys) =>
        (TunnelDrift.Find(ours.Handle, plan) ?? (withKeys ? OfKeys(ours.Handle, plan) : null)) is { } drift ? $"the link {plan.WireGuard.Interface} {drift}"
        : WireGuardStatus.HasBirthplace(plan.Namespace) ? null : $"the network namespace of the socket of {plan.WireGuard.Interface} is gone";

    // The device was read a moment ago: what fails is a key file, which 'apply' asks for before anything else, and a tunnel that is up needs it not.
    private static string? OfKeys(SafeFileHandle netns, NamespacePlan plan)
    {
        try
        {
            return TunnelDrift.OfKeys(netns, plan);
        }
        catch (SystemFailure)
        {
            return null;
        }
    }

    private static string? OfOutside(NamespacePlan plan, SafeFileHandle netns, List<Damage> unproven) =>
        OfHostLink(plan, netns) ?? OfHostRoute(plan) ?? OfHostTable(plan, unproven)
        ?? (plan.HostLink is { } link && !ForwardingGuard.IsThere(link.HostInterface)
            ? $"the host's routing rule that lets nothing be forwarded from {link.HostInterface} is gone"
        : OfPinning(plan, unproven));

    private static string? OfHostTable(NamespacePlan plan, List<Damage> unproven) =>
        plan.HostLink is { } link ? Of(OwnTables.OnHost(plan.Namespace, link).DriftHere(),
            $"table inet {link.HostTable} on the host", unproven) : null;

    private static string? OfPinning(NamespacePlan plan, List<Damage> unproven)
    {
        var drift = plan.Pinning is { } pinning && WireGuardRecord.Load(plan.Namespace) is not null
            ? EndpointPin.Drift(plan, pinning) : null;
        return Of(drift, $"the pinning of endpoints of namespace {plan.Namespace}", unproven) is null
            ? null
            : $"the endpoints of namespace {plan.Namespace} are not pinned as they were: {drift!.Detail}";
    }

    /// <summary>How the host link differs from what was brought up; or null.</summary>
    internal static string? OfHostLink(NamespacePlan plan, SafeFileHandle netns) =>
        plan.HostLink is not { } link ? null
        : HostLinkDrift.Find(plan.Namespace, link, netns) is { } drift ? $"the host's end {link.HostInterface} of the host link {drift}"
        : null;

    /// <summary>What is wrong with the host's route of a host link, also of a namespace that is down; or null.</summary>
    internal static string? OfHostRoute(NamespacePlan plan) =>
        plan.HostLink is { } link && !HostRoute.IsThere(link.Subnet) ? $"the host's unreachable route to {link.Subnet} is gone" : null;

    /// <summary>The first kernel setting of a namespace, or of the host's end of its host link, that somebody changed; or null.</summary>
    internal static string? OfSettings(SafeFileHandle netns, NamespacePlan plan) =>
        NetnsSysctls.Changed(netns, plan.DisableIPv6) is { } inside ? $"the kernel setting {inside} in namespace {plan.Namespace} is not as it was brought up"
        : plan.HostLink is { } link && HostLink.ChangedSetting(link) is { } outside ? $"the kernel setting {outside} on the host is not as it was brought up"
        : null;
}
