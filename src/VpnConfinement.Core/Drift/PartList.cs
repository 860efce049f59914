using VpnConfinement.Compile;
using VpnConfinement.Plan;

namespace VpnConfinement.Drift;

/// <summary>
/// Every thing that must be there: the parts of the host, then those of a namespace, in the order in which they are
/// made. <c>plan</c>, <c>apply</c>, <c>status</c>, the watcher and the start gate select from this list, so that none
/// forgets what another sees (S-25, S-27, S-32).
/// </summary>
public static class PartList
{
    private static readonly DamageKind[] Any = [DamageKind.Absent, DamageKind.Altered, DamageKind.AddedTo];

    /// <summary>The ruleset inside.</summary>
    public static NamespacePart Ruleset { get; } = new()
    {
        Name = "ruleset",
        Repair = PartRepair.InPlaceThenTunnel,
        IsGuard = true,
        Damages = Any,
        Compare = (plan, seen) => Table(seen.Ruleset, $"the ruleset of namespace {plan.Namespace}"),
    };

    private static readonly NamespacePart NamespaceSettings = new()
    {
        Name = "namespace settings",
        Repair = PartRepair.InPlace,
        IsGuard = true,
        Damages = [DamageKind.Altered],
        OtherDamages = "the kernel has each setting as long as it has the link",
        Compare = (plan, seen) => Setting(seen.Setting, $"in namespace {plan.Namespace}"),
    };

    private static readonly NamespacePart Loopback = new()
    {
        Name = "loopback",
        Repair = PartRepair.InPlace,
        IsGuard = false,
        Damages = Any,
        Compare = (plan, seen) => Values(
            seen.Loopback,
            $"the loopback of namespace {plan.Namespace}",
            state => LoopbackComparison.Of(plan.Namespace, plan.DisableIPv6, state)),
    };

    private static readonly NamespacePart EnvironmentFile = new()
    {
        Name = "environment file",
        Repair = PartRepair.InPlace,
        IsGuard = false,
        Damages = Any,
        Compare = (plan, seen) => Values(
            seen.Environment, StateLayout.EnvironmentFile(plan.Namespace), text => OfEnvironment(plan, text)),
    };

    private static readonly NamespacePart HostRoute = new()
    {
        Name = "host route",
        Repair = PartRepair.InPlace,
        IsGuard = true,
        IsThereWhileDown = true,
        Damages = [DamageKind.Absent],
        OtherDamages = "an altered route is another one, and one that is added does not take this one's place",
        Compare = (plan, seen) => plan.HostLink is not { } link ? [] : True(
            seen.HostRoute, $"the host's unreachable route to {link.Subnet}", "is gone"),
    };

    private static readonly NamespacePart HostTable = new()
    {
        Name = "host table",
        Repair = PartRepair.InPlace,
        IsGuard = true,
        Damages = Any,
        Compare = (plan, seen) => plan.HostLink is not { } link ? [] : Table(
            seen.HostTable, $"table inet {link.HostTable} on the host"),
    };

    private static readonly NamespacePart HostRules = new()
    {
        Name = "host rules",
        Repair = PartRepair.InPlace,
        IsGuard = true,
        Damages = [DamageKind.Absent],
        OtherDamages = "an altered rule is another one, and priority 1 leaves none but priority 0 before it",
        Compare = (plan, seen) => plan.HostLink is not { } link ? [] : True(
            seen.HostRules,
            $"the host's routing rule that lets nothing be forwarded from {link.HostInterface}",
            "is gone"),
    };

    private static readonly NamespacePart HostEnd = new()
    {
        Name = "host end",
        Repair = PartRepair.InPlace,
        IsGuard = false,
        Damages = Any,
        Compare = (plan, seen) => LinkEndSpec.OfHost(plan) is not { } wanted ? [] : Values(
            seen.HostEnd, wanted.Title, state => LinkEndComparison.Of(wanted, state)),
    };

    private static readonly NamespacePart NamespaceEnd = new()
    {
        Name = "namespace end",
        Repair = PartRepair.InPlace,
        IsGuard = false,
        Damages = Any,
        Compare = (plan, seen) => LinkEndSpec.OfNamespace(plan) is not { } wanted ? [] : Values(
            seen.NamespaceEnd, wanted.Title, state => LinkEndComparison.Of(wanted, state)),
    };

    private static readonly NamespacePart LinkFilters = new()
    {
        Name = "link filters",
        Repair = PartRepair.InPlace,
        IsGuard = true,
        Damages = Any,
        Compare = (plan, seen) => LinkEndSpec.OfHost(plan) is not { } wanted ? [] : True(
            seen.LinkFilters, wanted.Title, "does not run its filters"),
    };

    private static readonly NamespacePart LinkSettings = new()
    {
        Name = "link settings",
        Repair = PartRepair.InPlace,
        IsGuard = true,
        Damages = [DamageKind.Altered],
        OtherDamages = NamespaceSettings.OtherDamages,
        Compare = (plan, seen) => plan.HostLink is null ? [] : Setting(seen.LinkSetting, "on the host"),
    };

    private static readonly NamespacePart Pinning = new()
    {
        Name = "endpoint pinning",
        Repair = PartRepair.InPlace,
        IsGuard = true,
        Damages = Any,
        Compare = (plan, seen) => plan.Pinning is null ? [] : Table(
            seen.Pinning,
            $"the pinning of endpoints of namespace {plan.Namespace}",
            $"the endpoints of namespace {plan.Namespace} are not pinned as they were"),
    };

    private static readonly NamespacePart Tunnel = new()
    {
        Name = "tunnel",
        Repair = PartRepair.Tunnel,
        IsGuard = false,
        Damages = Any,
        Compare = (plan, seen) => Values(
            seen.Tunnel,
            LinkOf(plan),
            state => TunnelComparison.Of(plan.WireGuard, state).Select(clause => $"{LinkOf(plan)} {clause}")),
    };

    private static readonly NamespacePart TunnelKeys = new()
    {
        Name = "tunnel keys",
        Repair = PartRepair.Tunnel,
        IsGuard = false,
        IsRepairedUnseen = false,
        Damages = [DamageKind.Altered],
        OtherDamages = "a device without a key, or with more peers, is another device",
        Compare = (plan, seen) => Values(
            seen.TunnelKeys, LinkOf(plan), clause => clause is null ? [] : [$"{LinkOf(plan)} {clause}"]),
    };

    /// <summary>The netns of the tunnel's socket, through which all of it goes.</summary>
    public static NamespacePart Birthplace { get; } = new()
    {
        Name = "birthplace",
        Repair = PartRepair.Tunnel,
        IsGuard = false,
        Damages = [DamageKind.Absent],
        Remedy = "make it again, then run 'vpn-confinement apply'",
        OtherDamages = "a netns is the one in which the socket was made, or it is not",
        Compare = (plan, seen) => True(
            seen.Birthplace, $"the network namespace of the socket of {plan.WireGuard.Interface}", "is gone"),
    };

    /// <summary>The name of the netns, without which nothing else can be looked at.</summary>
    public static NamespacePart Netns { get; } = new()
    {
        Name = "netns",
        Repair = PartRepair.Namespace,
        IsGuard = false,
        IsThereWhileDown = true,
        IsRepairedUnseen = false,
        Damages = [DamageKind.Absent, DamageKind.Altered],
        OtherDamages = "a name has one netns",
        Compare = (_, seen) => seen.Netns switch
        {
            NetnsPresence.Up or NetnsPresence.Down => [],
            NetnsPresence.Lost lost => [new PartDifference(lost.Reason)],
            NetnsPresence.Unknown unknown => [new PartDifference(unknown.Reason, IsUnknown: true)],
            _ => throw new InvalidOperationException("a presence of a netns of an unknown kind"),
        },
    };

    /// <summary>The processes of confined units.</summary>
    public static Part Processes => HostParts.Processes;

    /// <summary>Where confined socket units listen.</summary>
    public static Part Sockets => HostParts.Sockets;

    /// <summary>The sockets of published ports.</summary>
    public static Part Published => HostParts.Published;

    /// <summary>Confined units and forwarders as systemd has them loaded.</summary>
    public static Part Units => HostParts.Units;

    /// <summary>Those of a namespace.</summary>
    public static IReadOnlyList<NamespacePart> OfNamespace { get; } =
    [
        Netns, Ruleset, NamespaceSettings, Loopback, HostRoute, HostTable, HostRules, LinkFilters, HostEnd,
        NamespaceEnd, LinkSettings, EnvironmentFile, Pinning, Tunnel, TunnelKeys, Birthplace,
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Part> All { get; } = [.. HostParts.All, .. OfNamespace];

    /// <summary>The properties of <see cref="HostState.Units"/> to ask systemd for.</summary>
    public static IReadOnlyList<string> UnitProperties => LoadedAttachment.Properties;

    /// <summary>The properties of <see cref="HostState.OwnUnits"/> to ask systemd for.</summary>
    public static IReadOnlyList<string> OwnUnitProperties => OwnUnitComparison.Properties;

    /// <summary>The one of them that names the drop-ins.</summary>
    public static string DropInProperty => OwnUnitComparison.DropIns;

    /// <summary>What differs on the host.</summary>
    /// <param name="seen">What it is now; what was not looked at is no difference.</param>
    public static IReadOnlyList<DriftEntry> Compare(HostState seen) =>
    [
        .. from part in HostParts.All
           from difference in part.Compare(seen)
           select DriftEntry.Of(part, "", difference),
    ];

    /// <summary>What differs in a namespace.</summary>
    /// <param name="plan">By what it was brought up.</param>
    /// <param name="seen">What it is now.</param>
    public static IReadOnlyList<DriftEntry> Compare(NamespacePlan plan, NamespaceObservation seen) =>
    [
        .. from part in OfNamespace
           where part.IsThereWhileDown || seen.Netns is NetnsPresence.Up
           from difference in part.Compare(plan, seen)
           select DriftEntry.Of(part, plan.Namespace, difference),
    ];

    private static IEnumerable<string> OfEnvironment(NamespacePlan plan, string? text) =>
        text is null ? [$"{StateLayout.EnvironmentFile(plan.Namespace)} is missing"]
        : text != EnvironmentText.Of(plan) ? [$"{StateLayout.EnvironmentFile(plan.Namespace)} is not as it was written"]
        : [];

    private static IEnumerable<PartDifference> Setting(Observation<string?>? seen, string place) => Values(
        seen,
        $"the kernel settings {place}",
        key => key is null ? [] : [$"the kernel setting {key} {place} is not as it was brought up"]);

    private static string LinkOf(NamespacePlan plan) => $"the link {plan.WireGuard.Interface}";

    private static IEnumerable<PartDifference> True(Observation<bool>? seen, string title, string otherwise) =>
        Values(seen, title, isThere => isThere ? [] : [$"{title} {otherwise}"]);

    private static IEnumerable<PartDifference> Table(
        Observation<string?>? seen, string title, string? otherwise = null) => Values(
        seen,
        title,
        detail => detail is null ? [] : [$"{otherwise ?? $"{title} is not the one that was loaded"}: {detail}"]);

    // What could not be seen, or not be held against anything, is never a pass.
    private static IEnumerable<PartDifference> Values<T>(
        Observation<T>? seen, string title, Func<T, IEnumerable<string>> compare) => seen switch
    {
        null => [],
        Observation<T>.Known known => compare(known.Value).Select(text => new PartDifference(text)),
        Observation<T>.Unknown unknown =>
            [new PartDifference($"{title} could not be looked at: {unknown.Reason}", IsUnknown: true)],
        Observation<T>.Unproven unproven =>
        [
            new PartDifference(
                $"it is not known whether {title} is the one that was loaded: {unproven.Reason}",
                IsUnknown: true,
                IsUnproven: true),
        ],
        _ => throw new InvalidOperationException("an observation of an unknown kind"),
    };
}
