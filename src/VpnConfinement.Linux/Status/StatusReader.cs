using System.Text.Json;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Status;

/// <summary>Looks at everything that was applied as it is now, in systemd, in the kernel and on disk. Changes nothing.</summary>
/// <param name="systemctl">The running systemd.</param>
public sealed class StatusReader(Systemctl systemctl)
{
    /// <summary>Looks.</summary>
    /// <exception cref="SystemFailure">It is not known what was applied, or systemd does not answer.</exception>
    public HostStatus Read()
    {
        var manifest = ManifestStore.Load();
        var namespaces = manifest.Namespaces.Select(n => Read(n, manifest)).ToList();
        return new HostStatus(Worst(namespaces.Select(n => n.Verdict)), namespaces);
    }

    private NamespaceStatus Read(ManifestNamespace ns, Manifest manifest)
    {
        var problems = new Problems();
        if (manifest.Starting.Count > 0 || manifest.Files.Any(f => f.Sha256.Length == 0))
        {
            problems.Bad("the last 'apply' or 'remove' was cut short; run it again");
        }

        CheckFiles(ns, manifest, problems);
        CheckUnits(ns, problems);
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
                    tunnel = Tunnel(ns, problems);
                }

                break;
            case NetnsState.Foreign foreign:
                problems.Bad(foreign.Reason);
                break;
            case NetnsState.Absent:
                break;
            default:
                throw new InvalidOperationException("a netns state of an unknown kind");
        }

        if (intact == false)
        {
            problems.Bad($"the ruleset of {ns.Name} is not the one that was loaded; run 'vpn-confinement apply'");
        }

        var services = ns.Services.SelectMany(s => Services(s, ns.Name, identity, problems)).ToList();
        if (tunnel is null && services.Any(s => s.State == "active"))
        {
            problems.Bad($"services run and there is no tunnel {ns.Interface}: nothing leaves; run 'vpn-confinement apply'");
        }

        return new NamespaceStatus
        {
            Name = ns.Name,
            Verdict = Worst(services.Select(s => s.Verdict).Append(problems.Verdict)),
            Up = identity is not null,
            NetnsInode = identity?.Inode,
            RulesetIntact = intact,
            Tunnel = tunnel,
            RefusedPackets = counters.ToDictionary(c => c.Name, c => c.Packets, StringComparer.Ordinal),
            Services = services,
            Problems = problems.Lines,
        };
    }

    private static bool RulesetIntact(string ns, NetnsState.Ours ours) =>
        NftContext.RunIn(ours.Handle, context => NftTable.IsLoaded(context, NftTable.Confinement, PlanStore.Load(ns).Plan.RulesetSha256, StateLayout.RulesetRecord(ns)));

    private static TunnelStatus? Tunnel(ManifestNamespace ns, Problems problems)
    {
        if (WireGuardRecord.Load(ns.Name) is null)
        {
            return null;
        }

        if (problems.Try($"the links of {ns.Name}", () => (bool?)WireGuardStatus.HasLink(ns.Name, ns.Interface)) == false)
        {
            problems.Bad($"the link {ns.Interface} is gone, and nothing leaves; run 'vpn-confinement apply', or 'systemctl restart {StateLayout.WireGuardUnit(ns.Interface)}'");
            return null;
        }

        CheckPath(ns.Name, problems);
        using var device = problems.Try($"the tunnel {ns.Interface}", () => WireGuardStatus.Read(ns.Name));
        foreach (var peer in problems.Try("the endpoints", () => EndpointNames.Missing(PlanStore.Load(ns.Name).Plan, device)) ?? [])
        {
            problems.Bad($"{peer.EndpointName} has no address yet, and nothing goes to that peer; it is looked up every 10 seconds ('journalctl -u {StateLayout.RefreshUnit(ns.Interface)}' says why)");
        }

        return device is null ? null : new TunnelStatus
        {
            Interface = ns.Interface,
            LatestHandshake = device.Peers.Max(p => p.LatestHandshake),
            ReceivedBytes = device.Peers.Aggregate(0UL, (sum, p) => sum + p.ReceivedBytes),
            SentBytes = device.Peers.Aggregate(0UL, (sum, p) => sum + p.SentBytes),
        };
    }

    private static void CheckPath(string ns, Problems problems)
    {
        if (problems.Try("the birthplace of the tunnel", () => (bool?)WireGuardStatus.HasBirthplace(ns)) == false)
        {
            problems.Bad($"the network namespace in which the tunnel of {ns} has its socket is gone; make it again, then run 'vpn-confinement apply'");
        }

        if (problems.Try("the pinning of endpoints", () => PlanStore.Load(ns).Plan is { Pinning: { } pinning } plan ? (bool?)EndpointPin.IsLoaded(plan, pinning) : null) == false)
        {
            problems.Bad($"the endpoints of {ns} are not pinned as they were; run 'vpn-confinement apply'");
        }
    }

    private void CheckUnits(ManifestNamespace ns, Problems problems)
    {
        foreach (var unit in new[] { StateLayout.NetnsUnit(ns.Name), StateLayout.PinUnit(ns.Name), StateLayout.WireGuardUnit(ns.Interface) })
        {
            if (systemctl.Show(unit, "ActiveState").GetValueOrDefault("ActiveState") is "failed")
            {
                problems.Bad($"{unit} has failed, so everything behind it is down; see 'journalctl -u {unit}', then 'systemctl start {unit}'");
            }
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

    private IEnumerable<ServiceStatus> Services(string service, string ns, NetnsIdentity? netns, Problems problems)
    {
        var isTemplate = service.Contains("@.", StringComparison.Ordinal);
        return (isTemplate ? systemctl.UpUnits(service) : [service]).Select(unit => Service(unit, ns, netns, problems));
    }

    private ServiceStatus Service(string unit, string ns, NetnsIdentity? netns, Problems problems)
    {
        var shown = systemctl.Show(unit, "LoadState", "ActiveState", "ControlGroup", "NetworkNamespacePath");
        if (shown.GetValueOrDefault("LoadState") is not "loaded")
        {
            return new ServiceStatus { Unit = unit, State = shown.GetValueOrDefault("LoadState") ?? "unknown", Verdict = Verdict.Ok, Processes = [] };
        }

        var verdict = Verdict.Ok;
        var path = shown.GetValueOrDefault("NetworkNamespacePath") ?? "";
        if (path != StateLayout.Netns(ns))
        {
            verdict = Verdict.Bad;
            problems.Bad($"{unit} is not confined: systemd has NetworkNamespacePath '{path}' for it; take the line that undoes it out ('systemctl cat {unit}' shows where), then run 'vpn-confinement apply'");
        }

        var processes = ControlGroup.Processes(shown.GetValueOrDefault("ControlGroup") ?? "").Select(Look).OfType<(int Pid, NetnsIdentity? Netns)>().ToList();
        foreach (var process in processes)
        {
            if (process.Netns is null)
            {
                verdict = Worst([verdict, Verdict.Unknown]);
                problems.Unknown($"the network namespace of process {process.Pid} of {unit} cannot be read");
            }
            else if (process.Netns != netns)
            {
                verdict = Verdict.Bad;
                problems.Bad($"process {process.Pid} of {unit} is outside its namespace (netns {process.Netns.Value.Inode}); stop {unit}");
            }
        }

        return new ServiceStatus
        {
            Unit = unit,
            State = shown.GetValueOrDefault("ActiveState") ?? "unknown",
            Verdict = verdict,
            Processes = [.. processes.Select(p => new ProcessPlace(p.Pid, p.Netns?.Inode))],
        };
    }

    // Null for a process that ended meanwhile.
    private static (int Pid, NetnsIdentity? Netns)? Look(int pid)
    {
        var netns = ProcessNetns.Of(pid, out var ended);
        return ended ? null : (pid, netns);
    }

    private static Verdict Worst(IEnumerable<Verdict> verdicts)
    {
        var worst = Verdict.Ok;
        foreach (var verdict in verdicts)
        {
            worst = (worst, verdict) switch
            {
                (Verdict.Bad, _) or (_, Verdict.Bad) => Verdict.Bad,
                (Verdict.Unknown, _) or (_, Verdict.Unknown) => Verdict.Unknown,
                _ => Verdict.Ok,
            };
        }

        return worst;
    }

    /// <summary>Collects what is wrong and what could not be told.</summary>
    private sealed class Problems
    {
        private readonly List<string> _lines = [];

        internal IReadOnlyList<string> Lines => _lines;

        internal Verdict Verdict { get; private set; }

        internal void Bad(string line)
        {
            _lines.Add(line);
            Verdict = Verdict.Bad;
        }

        internal void Unknown(string line)
        {
            _lines.Add(line);
            Verdict = Worst([Verdict, Verdict.Unknown]);
        }

        /// <summary>Asks; what cannot be answered is a line, and the default.</summary>
        internal T? Try<T>(string what, Func<T> ask)
        {
            try
            {
                return ask();
            }
            catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException or JsonException)
            {
                Unknown($"{what} could not be read: {e.Message}");
                return default;
            }
        }
    }
}
