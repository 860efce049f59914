using System.Text.Json;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Health;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;
using VpnConfinement.State;
using UnitName = VpnConfinement.Model.UnitName;

namespace VpnConfinement.Linux.Status;

/// <summary>Looks at everything that was applied as it is now, in systemd, in the kernel and on disk. Changes nothing.</summary>
/// <param name="systemctl">The running systemd.</param>
public sealed class StatusReader(Systemctl systemctl)
{
    /// <summary>Looks.</summary>
    /// <exception cref="SystemFailure">It is not known what was applied, or systemd does not answer.</exception>
    public HostStatus Read() => Read(JustApplied.Nothing);

    /// <summary>Looks, knowing what <c>apply</c> did.</summary>
    /// <exception cref="SystemFailure">It is not known what was applied, or systemd does not answer.</exception>
    public HostStatus Read(JustApplied justApplied)
    {
        var manifest = ManifestStore.LoadKnown();
        var snapshot = UnitSnapshot.Take(systemctl, manifest.Namespaces.SelectMany(UnitsOf), [.. UnitStates.Properties, "ControlGroup", "StatusText", "MainPID", "SocketBindDeny", OwnDropIns.Property, .. LoadedAttachment.Properties]);
        var unconfined = new Lazy<IReadOnlyCollection<string>?>(() => RunningUnconfined(manifest));
        var namespaces = manifest.Namespaces.Select(n => Read(n, manifest, snapshot, justApplied, unconfined)).ToList();
        var problems = new Problems();
        StateFolderStatus.Check(manifest, problems);
        var unconfirmed = problems.Try("the unconfirmed change", Confirmation.Pending);
        if (unconfirmed is not null && problems.Try("the unconfirmed change", () => Confirmation.Trouble(systemctl, manifest, unconfirmed)) is { } trouble)
        {
            problems.Bad(trouble);
        }

        return new HostStatus
        {
            Namespaces = namespaces,
            Problems = problems.Lines,
            Unconfirmed = unconfirmed,
            Health = HealthEntry.WorstFirst(namespaces.SelectMany(n => n.Health).Concat(problems.All.Select(OfHost)).Concat(unconfirmed is null ? [] : [Pending(unconfirmed)])),
        };
    }

    private static HealthEntry OfHost(Problem problem) => new(HealthKind.Host, null, "host", problem.State, problem.Text, null, null);

    private static HealthEntry Pending(PendingChange change) => new(
        HealthKind.Host, null, "confirmation", HealthState.Idle,
        $"the last change is not confirmed, and goes back to generation {change.BackTo} at {change.Until.UtcDateTime:u}", null, "vpn-confinement confirm");

    // Null where systemd does not tell: then a missing service cannot be told from a mistyped one.
    private IReadOnlyCollection<string>? RunningUnconfined(Manifest manifest)
    {
        var confined = manifest.Namespaces.SelectMany(n => UnitsOf(n).Append(StateLayout.ReturnUnit(n.Name))).ToHashSet(StringComparer.Ordinal);
        try
        {
            return [.. systemctl.Running().Where(u => !confined.Contains(u) && !confined.Contains(UnitName.TemplateOf(u)) && !u.StartsWith(StateLayout.OwnPrefix, StringComparison.Ordinal))];
        }
        catch (SystemFailure)
        {
            return null;
        }
    }

    private static IEnumerable<string> UnitsOf(ManifestNamespace ns) =>
        [.. OwnUnits(ns), .. OwnDropIns.Units(ns), StateLayout.WatchUnit(ns.Name), .. ns.Units.Select(u => u.Name), .. ns.Published, .. ns.Published.Select(StateLayout.ForwarderOf)];

    private static string[] OwnUnits(ManifestNamespace ns) => [StateLayout.NetnsUnit(ns.Name), StateLayout.PinUnit(ns.Name), StateLayout.WireGuardUnit(ns.Interface)];

    private NamespaceStatus Read(ManifestNamespace ns, Manifest manifest, UnitSnapshot snapshot, JustApplied justApplied, Lazy<IReadOnlyCollection<string>?> unconfined)
    {
        var problems = new Problems();
        CheckFiles(ns, manifest, problems);
        CheckUnits(ns, snapshot, problems);
        CheckDropIns(ns, snapshot, problems);
        NetnsIdentity? identity = null;
        bool? intact = null;
        TunnelStatus? tunnel = null;
        IReadOnlyList<NftCounter> counters = [];
        switch (Netns.Observe(ns.Name))
        {
            case NetnsState.Ours ours:
                using (ours.Handle)
                {
                    identity = ours.Identity;
                    intact = problems.Try($"the ruleset of {ns.Name}", () => (bool?)RulesetIntact(ns.Name, ours));
                    counters = problems.Try("the counters", () => NftCounters.Read(ns.Name)) ?? [];
                    tunnel = Tunnel(ns, ours, problems);
                    CheckSettings(ns.Name, ours, problems);
                    CheckHostLinkEnds(ns.Name, ours, problems);
                }

                CheckHostLink(ns.Name, problems);
                break;
            case NetnsState.Foreign foreign:
                problems.Bad(foreign.Reason, HealthState.Failed);
                break;
            case NetnsState.Absent:
                break;
            default:
                throw new InvalidOperationException("a netns state of an unknown kind");
        }

        CheckHostRoute(ns.Name, problems);
        if (intact == false)
        {
            problems.Bad($"the ruleset of {ns.Name} is not the one that was loaded; run 'vpn-confinement apply'", HealthState.Open);
        }

        var watch = StateLayout.WatchUnit(ns.Name);
        if (identity is not null && snapshot.Of(watch, "ActiveState") is not ("active" or "activating"))
        {
            problems.Bad($"{watch} does not run, so what others change is not noticed and not repaired; run 'systemctl start {watch}'");
        }

        var units = new UnitStatusReader(systemctl, snapshot, ns, identity, problems, unconfined, justApplied);
        var services = units.Services();
        var sockets = units.Sockets();
        var published = units.Published();

        // Not said of a service that may be outside: that one is not cut off.
        if (tunnel is null && services.Any(s => s.State == "active" && s.Verdict == Verdict.Ok))
        {
            problems.Bad($"services run and there is no tunnel {ns.Interface}: nothing leaves the namespace; {TunnelRemedy(ns, services)}", HealthState.Blocked);
        }

        CheckWatcher(ns.Name, snapshot, problems);
        var own = NamespaceHealth.Judge(identity is not null, UnitStates.Of(snapshot.Of(StateLayout.NetnsUnit(ns.Name))), problems.All);
        List<HealthEntry> health =
        [
            HealthEntry.Of(HealthKind.Namespace, ns.Name, ns.Name, own),
            .. new TunnelReader(ns, snapshot, justApplied).Read(identity, services.Any(s => s.State == "active")),
            .. units.Health,
        ];

        return new NamespaceStatus
        {
            Name = ns.Name,
            Health = HealthEntry.WorstFirst(health),
            Up = identity is not null,
            Watcher = snapshot.Of(watch, "ActiveState") switch
            {
                "active" => snapshot.Of(watch, "StatusText") ?? "",
                "activating" => "starting",
                _ => null,
            },
            NetnsInode = identity?.Inode,
            RulesetIntact = intact,
            Tunnel = tunnel,
            RefusedPackets = counters.Where(c => RefusedCounters.All.Contains(c.Name)).ToDictionary(c => c.Name, c => c.Packets, StringComparer.Ordinal),
            Services = services,
            Sockets = sockets,
            Published = published,
            Problems = problems.Lines,
        };
    }

    // What runs on without its tunnel waits for somebody to start it; for the others it has to be there.
    private static string TunnelRemedy(ManifestNamespace ns, IReadOnlyList<ServiceStatus> services) =>
        services.Where(s => s.State == "active").All(s => s.OutlivesTunnel) ? $"'systemctl start {StateLayout.WireGuardUnit(ns.Interface)}' brings it back" : "run 'vpn-confinement apply'";

    private static bool RulesetIntact(string ns, NetnsState.Ours ours) =>
        NftContext.RunIn(ours.Handle, context => NftTable.IsLoaded(context, NftTable.Confinement, PlanStore.Load(ns).Plan.RulesetSha256, StateLayout.RulesetRecord(ns)));

    private static TunnelStatus? Tunnel(ManifestNamespace ns, NetnsState.Ours ours, Problems problems)
    {
        if (WireGuardRecord.Load(ns.Name) is null)
        {
            return null;
        }

        if (problems.Try($"the links of {ns.Name}", () => (bool?)WireGuardStatus.HasLink(ns.Name, ns.Interface)) == false)
        {
            problems.Bad($"the link {ns.Interface} is gone, and nothing leaves; run 'vpn-confinement apply', or 'systemctl restart {StateLayout.WireGuardUnit(ns.Interface)}'", HealthState.Blocked);
            return null;
        }

        if (problems.Try($"the links of {ns.Name}", () => TunnelDrift.Find(ours.Handle, PlanStore.Load(ns.Name).Plan) ?? "") is { Length: > 0 } drift)
        {
            problems.Bad($"the link {ns.Interface} {drift}; run 'vpn-confinement apply'");
        }
        else if (problems.Try($"the keys of {ns.Interface}", () => TunnelDrift.OfKeys(ours.Handle, PlanStore.Load(ns.Name).Plan) ?? "") is { Length: > 0 } other)
        {
            problems.Bad($"the link {ns.Interface} {other}; run 'vpn-confinement apply'");
        }

        CheckPath(ns.Name, problems);
        using var device = problems.Try($"the tunnel {ns.Interface}", () => WireGuardStatus.Read(ns.Name));
        foreach (var peer in problems.Try("the endpoints", () => EndpointNames.Missing(PlanStore.Load(ns.Name).Plan, device)) ?? [])
        {
            problems.Bad($"{peer.EndpointName} has no address yet, and nothing goes to that peer; it is looked up every 10 seconds ('journalctl -u {StateLayout.RefreshUnit(ns.Interface)}' says why)", HealthState.Blocked);
        }

        return device is null ? null : new TunnelStatus
        {
            Interface = ns.Interface,
            LatestHandshake = device.Peers.Max(p => p.LatestHandshake),
            ReceivedBytes = device.Peers.Aggregate(0UL, (sum, p) => sum + p.ReceivedBytes),
            SentBytes = device.Peers.Aggregate(0UL, (sum, p) => sum + p.SentBytes),
        };
    }

    private static void CheckHostLink(string ns, Problems problems)
    {
        if (problems.Try("the host's rules for the host link", () => PlanStore.Load(ns).Plan.HostLink is { } link ? (bool?)HostLink.IsGuarded(ns, link) : null) == false)
        {
            problems.Bad($"the host's rules for the host link of {ns} are not the ones that were loaded; run 'vpn-confinement apply'", HealthState.Open);
        }
    }

    private static void CheckHostLinkEnds(string ns, NetnsState.Ours ours, Problems problems)
    {
        if (problems.Try($"the host link of {ns}", () => NamespaceDamage.OfHostLink(PlanStore.Load(ns).Plan, ours.Handle) ?? "") is { Length: > 0 } drift)
        {
            problems.Bad($"{drift}; run 'vpn-confinement apply'");
        }

        if (problems.Try($"the host link of {ns}", () => LinkGuard.Lacking(ns) ?? "") is { Length: > 0 } lacking)
        {
            problems.Bad($"the host link of {ns} runs no filter ({lacking}), so it is guarded by its name and the host's rules alone; load the kernel modules sch_ingress and cls_bpf, then run 'vpn-confinement apply'");
        }

        foreach (var undone in problems.Try("the host's kernel settings", () => PlanStore.Load(ns).Plan.HostLink is { } link ? HostWideSettings.Undoing(link, LinkGuard.Lacking(ns) is null) : []) ?? [])
        {
            problems.Bad(undone);
        }
    }

    private static void CheckHostRoute(string ns, Problems problems)
    {
        if (problems.Try($"the host's route of {ns}", () => NamespaceDamage.OfHostRoute(PlanStore.Load(ns).Plan) ?? "") is { Length: > 0 } gone)
        {
            problems.Bad($"{gone}, so what the host sends there while the link is away leaves by its default route; run 'vpn-confinement apply'");
        }
    }

    private static void CheckSettings(string ns, NetnsState.Ours ours, Problems problems)
    {
        if (problems.Try($"the kernel settings of {ns}", () => NamespaceDamage.OfSettings(ours.Handle, PlanStore.Load(ns).Plan) ?? "") is { Length: > 0 } setting)
        {
            problems.Bad($"{setting}; run 'vpn-confinement apply'");
        }
    }

    private static void CheckPath(string ns, Problems problems)
    {
        if (problems.Try("the network namespace of the tunnel's socket", () => (bool?)WireGuardStatus.HasBirthplace(ns)) == false)
        {
            problems.Bad($"the network namespace in which the tunnel of {ns} has its socket is gone; make it again, then run 'vpn-confinement apply'", HealthState.Blocked);
        }

        if (problems.Try("the pinning of endpoints", () => PlanStore.Load(ns).Plan is { Pinning: { } pinning } plan ? (bool?)EndpointPin.IsLoaded(plan, pinning) : null) == false)
        {
            problems.Bad($"the endpoints of {ns} are not pinned as they were; run 'vpn-confinement apply'", HealthState.Open);
        }
    }

    // It goes on with the program that it was started by, whatever lies in its place by now.
    private static void CheckWatcher(string ns, UnitSnapshot snapshot, Problems problems)
    {
        var watch = StateLayout.WatchUnit(ns);
        if (snapshot.Of(watch, "ActiveState") is "active" && snapshot.Of(watch, "MainPID") is { Length: > 0 } pid and not "0"
            && problems.Try($"the program of {watch}", () => (bool?)new FileInfo($"/proc/{pid}/exe").LinkTarget?.EndsWith(" (deleted)", StringComparison.Ordinal)) == true)
        {
            problems.Bad($"{watch} runs a program that was replaced since; run 'systemctl restart {watch}'");
        }
    }

    private static void CheckUnits(ManifestNamespace ns, UnitSnapshot snapshot, Problems problems)
    {
        foreach (var unit in OwnUnits(ns))
        {
            if (snapshot.Of(unit, "ActiveState") is "failed")
            {
                problems.Bad($"{unit} has failed, so everything behind it is down; see 'journalctl -u {unit}', then 'systemctl start {unit}'", HealthState.Failed);
            }
        }
    }

    private static void CheckDropIns(ManifestNamespace ns, UnitSnapshot snapshot, Problems problems)
    {
        foreach (var (unit, difference) in problems.Try("the drop-ins of our units", () => OwnDropIns.Find(ns, snapshot).ToList()) ?? [])
        {
            problems.Bad($"{unit}, a unit of ours, does not do what it was made for: {difference}; take that line out, then run 'vpn-confinement apply'");
        }
    }

    private static void CheckFiles(ManifestNamespace ns, Manifest manifest, Problems problems)
    {
        foreach (var file in manifest.Files.Where(f => f.Sha256.Length > 0 && (f.Namespace is null || f.Namespace == ns.Name)))
        {
            if (problems.Try(file.Path, () => OwnFiles.Hash(file.Path) ?? "") is { } hash && hash != file.Sha256)
            {
                problems.Bad($"{file.Path} {(hash.Length == 0 ? "is missing" : "was changed since it was applied")}; run 'vpn-confinement apply'");
            }
        }
    }
}
