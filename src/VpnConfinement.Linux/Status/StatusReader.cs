using System.Text.Json;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Drift;
using VpnConfinement.Health;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Linux.Watch;
using VpnConfinement.Plan;
using VpnConfinement.State;
using UnitName = VpnConfinement.Model.UnitName;

namespace VpnConfinement.Linux.Status;

/// <summary>Looks at everything that was applied as it is now, in systemd, in the kernel and on disk. Changes nothing.</summary>
/// <param name="systemctl">The running systemd.</param>
public sealed class StatusReader(Systemctl systemctl)
{
    // Looks at what changes under them, before the last one is told as it is.
    private const int MostLooks = 5;

    /// <summary>Looks.</summary>
    /// <exception cref="SystemFailure">It is not known what was applied, or systemd does not answer.</exception>
    public HostStatus Read() => Read(JustApplied.Nothing);

    /// <summary>Looks, knowing what <c>apply</c> did.</summary>
    /// <exception cref="SystemFailure">It is not known what was applied, or systemd does not answer.</exception>
    public HostStatus Read(JustApplied justApplied)
    {
        var manifest = ManifestStore.LoadKnown();
        for (var left = MostLooks; ; left--)
        {
            var snapshot = UnitSnapshot.Take(systemctl, manifest.Namespaces.SelectMany(UnitsOf), [
                .. UnitStates.Properties, "Job", "ControlGroup", "StatusText", "MainPID", "SocketBindDeny",
                .. PartList.OwnUnitProperties, .. PartList.UnitProperties,
            ]);
            var status = Read(manifest, snapshot, justApplied);
            if (left <= 1 || status.Health.All(h => h.State <= HealthState.Waiting) || !HasChanged(manifest, snapshot))
            {
                return status;
            }
        }
    }

    private static bool IsChanging(string unit, UnitSnapshot snapshot) =>
        snapshot.Of(unit, "ActiveState") is "activating" or "deactivating"
        && snapshot.Of(unit, "SubState") is not ("auto-restart" or "auto-restart-queued");

    // What was seen while a unit of ours came up or went down was never there all at once.
    private bool HasChanged(Manifest manifest, UnitSnapshot seen)
    {
        var units = manifest.Namespaces.SelectMany(n => OwnUnits(n).Append(StateLayout.WatchUnit(n.Name))).ToList();
        var now = UnitSnapshot.Take(systemctl, units, UnitStates.StateChange);
        return units.Any(u => seen.Of(u, UnitStates.StateChange) != now.Of(u, UnitStates.StateChange));
    }

    private HostStatus Read(Manifest manifest, UnitSnapshot snapshot, JustApplied justApplied)
    {
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

    private static HealthEntry OfHost(Problem problem) =>
        new(HealthKind.Host, null, "host", problem.State, problem.Text, null, problem.Remedy);

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
        [
            .. OwnUnits(ns), .. LoadedUnits.OwnUnitsOf(ns), .. ns.Units.Select(u => u.Name), .. ns.Published,
            .. ns.Published.Select(StateLayout.ForwarderOf),
        ];

    private static string[] OwnUnits(ManifestNamespace ns) => [StateLayout.NetnsUnit(ns.Name), StateLayout.PinUnit(ns.Name), StateLayout.WireGuardUnit(ns.Interface)];

    private NamespaceStatus Read(ManifestNamespace ns, Manifest manifest, UnitSnapshot snapshot, JustApplied justApplied, Lazy<IReadOnlyCollection<string>?> unconfined)
    {
        var problems = new Problems();
        problems.Add(PartList.Compare(new HostState
        {
            Files = FileState.Of(
                manifest.Files.Where(f => f.Namespace is null || f.Namespace == ns.Name), OwnFiles.Look),
            OwnUnits = [.. LoadedUnits.OwnUnits(ns, snapshot)],
        }));
        CheckUnits(ns, snapshot, problems);
        NetnsIdentity? identity = null;
        TunnelStatus? tunnel = null;
        IReadOnlyList<NftCounter> counters = [];
        switch (Netns.Observe(ns.Name))
        {
            case NetnsState.Ours ours:
                using (ours.Handle)
                {
                    identity = ours.Identity;
                    counters = problems.Try("the counters", () => NftCounters.Read(ns.Name)) ?? [];
                    tunnel = Tunnel(ns, problems);
                }

                CheckHostLink(ns.Name, problems);
                break;
            case NetnsState.Foreign foreign when !File.Exists(StateLayout.NetnsMarker(ns.Name)):
                problems.Bad(foreign.Reason, HealthState.Failed);
                break;
            case NetnsState.Foreign or NetnsState.Absent:
                break;
            default:
                throw new InvalidOperationException("a netns state of an unknown kind");
        }

        var drift = NamespaceLook.FindApplied(ns.Name, () => HostLook.IsActive(systemctl, ns.Name, snapshot));

        // Nothing runs in it while its unit makes or deletes its parts, nor does anything leave while that of its
        // tunnel does.
        var isChanging = IsChanging(StateLayout.NetnsUnit(ns.Name), snapshot);
        var isTunnelChanging = isChanging || IsChanging(StateLayout.WireGuardUnit(ns.Interface), snapshot);
        problems.Add(drift.Where(d => (!isChanging || d.Part is not NamespacePart { IsThereWhileDown: false })
            && (!isTunnelChanging || !Problem.Of(d).IsOfTunnel)));

        var watch = StateLayout.WatchUnit(ns.Name);

        // Behind a job of systemd's that waits for the namespace, or goes down with it.
        var isWatcherChanging = snapshot.Of(watch, "Job") is not (null or "" or "0");
        if (!isWatcherChanging && (identity is not null || snapshot.Of(watch, "ActiveState") is "active"))
        {
            problems.Add(PartList.Compare(new HostState { Watchers = [WatcherLook.At(ns.Name, snapshot)] }));
        }

        if (identity is not null && snapshot.Of(watch, "StatusText") is { } said
            && said.IndexOf(StatusLine.Degraded, StringComparison.Ordinal) is >= 0 and var at)
        {
            problems.Bad($"{said[at..].Split(';')[0]}; have the program that does it leave the link alone, see 'journalctl -u {watch}'");
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

        if (TunnelHealth.IsUnneeded(
            UnitStates.Of(snapshot.Of(StateLayout.WireGuardUnit(ns.Interface))),
            services.Select(s => s.State).Concat(sockets.Select(s => s.State))))
        {
            problems.TunnelIsUnneeded();
        }

        var own = NamespaceHealth.Judge(identity is not null, UnitStates.Of(snapshot.Of(StateLayout.NetnsUnit(ns.Name))), problems.All);
        List<HealthEntry> health =
        [
            HealthEntry.Of(HealthKind.Namespace, ns.Name, ns.Name, own),
            .. new TunnelReader(ns, snapshot, justApplied).Read(identity, services.Any(s => s.State == "active")),
            .. units.Health,
        ];

        return AppliedAddresses.AddTo(new NamespaceStatus
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
            RulesetIntact = identity is null ? null : RulesetIntact(drift),
            Tunnel = tunnel,
            Drift = drift,
            IsDriftKnown = !drift.Any(d => d.IsUnknown),
            RefusedPackets = counters.Where(c => RefusedCounters.All.Contains(c.Name))
                .ToDictionary(c => c.Name, c => c.Packets, StringComparer.Ordinal),
            Services = services,
            Sockets = sockets,
            Published = published,
            Problems = problems.Lines,
        });
    }

    // What runs on without its tunnel waits for somebody to start it; for the others it has to be there.
    private static string TunnelRemedy(ManifestNamespace ns, IReadOnlyList<ServiceStatus> services) =>
        services.Where(s => s.State == "active").All(s => s.OutlivesTunnel) ? $"'systemctl start {StateLayout.WireGuardUnit(ns.Interface)}' brings it back" : "run 'vpn-confinement apply'";

    // Where it is not known what was applied, nothing is compared.
    private static bool? RulesetIntact(IReadOnlyList<DriftEntry> drift) =>
        drift.Any(entry => entry.Part is HostPart) ? null
        : drift.FirstOrDefault(entry => entry.Part == PartList.Ruleset) is not { } entry ? true
        : entry.IsUnknown ? null
        : false;

    private static TunnelStatus? Tunnel(ManifestNamespace ns, Problems problems)
    {
        if (WireGuardRecord.Load(ns.Name) is null)
        {
            return null;
        }

        if (problems.Try($"the links of {ns.Name}", () => (bool?)WireGuardStatus.HasLink(ns.Name, ns.Interface)) == false)
        {
            return null;
        }

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
            Peers = [.. device.Peers.Select(
                p => new PeerStatus($"{p.PublicKey}", p.LatestHandshake, p.ReceivedBytes, p.SentBytes)
                {
                    Endpoint = p.Endpoint?.ToString(),
                })],
        };
    }

    private static void CheckHostLink(string ns, Problems problems)
    {
        if (problems.Try($"the host link of {ns}", () => LinkGuard.Lacking(ns) ?? "") is { Length: > 0 } lacking)
        {
            problems.Bad($"the host link of {ns} runs no filter ({lacking}), so it is guarded by its name and the host's rules alone; load the kernel modules sch_ingress and cls_bpf, then run 'vpn-confinement apply'");
        }

        foreach (var undone in problems.Try("the host's kernel settings", () => PlanStore.Load(ns).Plan.HostLink is { } link ? HostWideSettings.Undoing(link, LinkGuard.Lacking(ns) is null) : []) ?? [])
        {
            problems.Bad(undone);
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
}
