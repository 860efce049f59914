using VpnConfinement.Compile.Systemd;
using VpnConfinement.Health;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Status;

/// <summary>Looks at the units of one namespace: what systemd has loaded, and where their processes and sockets really are.</summary>
/// <param name="systemctl">The running systemd.</param>
/// <param name="units">What systemd said of the units.</param>
/// <param name="ns">The namespace as it was applied.</param>
/// <param name="netns">Its netns, or null while it is down.</param>
/// <param name="problems">Takes what is wrong or could not be told.</param>
/// <param name="unconfined">Units that run unconfined; null where that could not be told.</param>
/// <param name="justApplied">What <c>apply</c> knows besides.</param>
internal sealed class UnitStatusReader(
    Systemctl systemctl, UnitSnapshot units, ManifestNamespace ns, NetnsIdentity? netns, Problems problems, Lazy<IReadOnlyCollection<string>?> unconfined, JustApplied justApplied)
{
    private readonly List<HealthEntry> _health = [];
    private HashSet<string>? _returning;

    /// <summary>The state of each unit that was looked at.</summary>
    internal IReadOnlyList<HealthEntry> Health => _health;

    /// <summary>The confined services; a template stands as its running instances.</summary>
    internal IReadOnlyList<ServiceStatus> Services() =>
        [.. ns.Units.Where(u => !u.IsSocket).SelectMany(u => Running(u).Select(name => Service(name, u.OutlivesTunnel, DropIn(u))))];

    /// <summary>The confined sockets; a template stands as its running instances.</summary>
    internal IReadOnlyList<SocketStatus> Sockets() => [.. ns.Units.Where(u => u.IsSocket).SelectMany(u => Running(u).Select(name => Socket(name, DropIn(u))))];

    /// <summary>The sockets of the host that lead into the namespace.</summary>
    internal IReadOnlyList<SocketStatus> Published() => [.. ns.Published.Select(PublishedSocket)];

    private IEnumerable<string> Running(ManifestUnit unit) =>
        !UnitName.IsTemplateName(unit.Name) ? [unit.Name]
        : unit.IsSocket ? systemctl.Instances(unit.Name)
        : systemctl.Instances(unit.Name).Union(Left(unit.Name), StringComparer.Ordinal);

    // Instances that are down or have failed, and have processes all the same (KillMode=process).
    private List<string> Left(string template) =>
        problems.Try($"which instances {template} has", () =>
            ControlGroup.FoldersOf(ControlGroup.SliceFolders(), template)
                .Where(f => ControlGroup.ProcessesIn(f).Count > 0)
                .Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal).ToList()) ?? [];

    // What it says counts as applied: where the file was changed since, that is told with the other files.
    private UnitSettings? DropIn(ManifestUnit unit) =>
        ServiceDropIn.PathOf(unit.Name) is var path && problems.Try(path, () => StateFile.Read(path)) is { } text ? UnitSettings.Read([new SourceText(path, text)]) : null;

    private ServiceStatus Service(string unit, bool outlivesTunnel, UnitSettings? dropIn)
    {
        var status = Locate(unit, outlivesTunnel, dropIn, out var difference, out var isOutside);
        var state = UnitStates.Of(units.Of(unit));
        _health.Add(HealthEntry.Of(HealthKind.Service, ns.Name, unit, ServiceHealth.Judge(
            new ServiceObservation
            {
                Name = unit,
                Unit = state,
                IsOutside = isOutside,
                LoadedOtherwise = difference,
                RunningUnconfined = state.Load == "not-found" ? unconfined.Value : [],
                ReturnsWithTunnel = state.Active is "inactive" && (_returning ??= Returning()).Contains(unit),
                MustRun = justApplied.Started.Contains(unit) ? JustApplied.MustRun : TimeSpan.Zero,
            },
            UnitStates.Now)));
        return status;
    }

    private ServiceStatus Locate(string unit, bool outlivesTunnel, UnitSettings? dropIn, out string? difference, out bool? isOutside)
    {
        var shown = units.Of(unit);
        var load = shown.GetValueOrDefault("LoadState") ?? "unknown";
        difference = null;

        // Of a unit that was masked or deleted nothing starts again, but its processes are there as before.
        var verdict = load is "loaded" ? Attachment(unit, shown, dropIn, out difference) : Verdict.Ok;
        var group = shown.GetValueOrDefault("ControlGroup") ?? "";
        // A service may have groups that are too deep for a path.
        var pids = problems.Try($"which processes {unit} has", () => ControlGroup.Processes(group));
        verdict = pids is null ? Verdicts.Worst([verdict, Verdict.Unknown]) : verdict;
        var processes = (pids ?? []).Select(Look).OfType<(int Pid, NetnsIdentity? Netns)>().ToList();
        foreach (var process in processes)
        {
            if (process.Netns is null)
            {
                verdict = Verdicts.Worst([verdict, Verdict.Unknown]);
                problems.Unknown($"the network namespace of process {process.Pid} of {unit} cannot be read");
            }
            else if (process.Netns != netns)
            {
                verdict = Verdict.Bad;
                problems.Bad($"process {process.Pid} of {unit} is outside its namespace (netns {process.Netns.Value.Inode}); stop {unit}", HealthState.Open);
            }
        }

        isOutside = processes.Any(p => p.Netns is not null && p.Netns != netns) ? true : pids is null || processes.Any(p => p.Netns is null) ? null : false;
        return new ServiceStatus
        {
            Unit = unit,
            State = load is "loaded" ? shown.GetValueOrDefault("ActiveState") ?? "unknown" : load,
            Frozen = group.Length > 0 && ControlGroup.IsFrozen(group),
            OutlivesTunnel = outlivesTunnel,
            Verdict = verdict,
            BindRestricted = string.IsNullOrEmpty(shown.GetValueOrDefault("SocketBindDeny")) ? null : problems.Try($"whether {unit} is held to its ports", () => BindRestriction.IsEnforced(group)),
            Processes = [.. processes.Select(p => new ProcessPlace(p.Pid, p.Netns?.Inode))],
        };
    }

    // Whom a tunnel that failed took along. One that an administrator stopped has taken them down as asked.
    private HashSet<string> Returning() =>
        units.Of(StateLayout.WireGuardUnit(ns.Interface), "ActiveState") is "inactive"
            ? []
            : (problems.Try("what comes back with the tunnel", () => ReturningServices.Recorded(ns.Name)) ?? []).ToHashSet(StringComparer.Ordinal);

    private Verdict Attachment(string unit, IReadOnlyDictionary<string, string> shown, UnitSettings? dropIn, out string? difference)
    {
        var path = shown.GetValueOrDefault("NetworkNamespacePath") ?? "";
        difference = path == StateLayout.Netns(ns.Name)
            ? dropIn is null ? null : LoadedAttachment.Difference(unit, dropIn, shown)
            : $"NetworkNamespacePath is '{path}' and not '{StateLayout.Netns(ns.Name)}'";
        if (difference is null)
        {
            return Verdict.Ok;
        }

        // Without our drop-in there is no other line to blame, and that it is missing is told with the other files.
        var then = dropIn is null ? ""
            : $"; if that refuses, take the line that undoes it out ('systemctl cat {unit}' shows where) and run it again";
        problems.Bad(
            $"{unit} is not confined as it was applied: {difference}; run 'vpn-confinement apply'{then}",
            HealthState.Open);
        return Verdict.Bad;
    }

    private SocketStatus Socket(string unit, UnitSettings? dropIn)
    {
        var shown = units.Of(unit);
        var state = UnitStates.Of(shown);
        if (state.Load is not "loaded")
        {
            Judge(isInPlace: true, null);
            return new SocketStatus { Unit = unit, State = state.Load ?? "unknown", Verdict = Verdict.Ok, Listens = [] };
        }

        var attached = Attachment(unit, shown, dropIn, out var difference);
        var listens = systemctl.ListensOf(unit);
        var places = state.Active is "active" ? listens.Select(l => Place(unit, l)).ToList() : [];
        Judge(places.Contains(Verdict.Bad) ? false : places.Contains(Verdict.Unknown) ? null : true, difference);
        return new SocketStatus
        {
            Unit = unit,
            State = state.Active ?? "unknown",
            Verdict = Verdicts.Worst([attached, .. places]),
            Listens = listens,
        };

        void Judge(bool? isInPlace, string? loadedOtherwise) => _health.Add(HealthEntry.Of(HealthKind.Socket, ns.Name, unit, SocketHealth.Judge(new SocketObservation
        {
            Name = unit,
            Unit = state,
            IsInPlace = isInPlace,
            LoadedOtherwise = loadedOtherwise,
            RunningUnconfined = state.Load == "not-found" ? unconfined.Value : [],
        })));
    }

    // systemd may have opened it before it was told where, or somewhere else: the kernel's tables say where it is.
    private Verdict Place(string unit, string listen)
    {
        var inside = problems.Try($"where {unit} listens", () => (bool?)ListeningSockets.IsListening(ns.Name, netns, listen));
        switch (inside)
        {
            case true:
                return Verdict.Ok;
            case false:
                problems.Bad($"{unit} does not listen at {listen} in its namespace; run 'systemctl restart {unit}'", HealthState.Open);
                return Verdict.Bad;
            case null:
                return Verdict.Unknown;
        }
    }

    private SocketStatus PublishedSocket(string unit)
    {
        var shown = units.Of(unit);
        var state = shown.GetValueOrDefault("LoadState") is "loaded" ? shown.GetValueOrDefault("ActiveState") ?? "unknown" : shown.GetValueOrDefault("LoadState") ?? "unknown";
        var verdict = Locate(StateLayout.ForwarderOf(unit), outlivesTunnel: true, dropIn: null, out _, out var isOutside).Verdict;
        _health.Add(HealthEntry.Of(HealthKind.Published, ns.Name, unit, SocketHealth.JudgePublished(new SocketObservation
        {
            Name = unit,
            Unit = UnitStates.Of(shown),
            IsInPlace = !isOutside,
        })));
        if (state is not "active")
        {
            verdict = Verdict.Bad;
            problems.Bad($"{unit} is {state}, so nothing listens for that published port; see 'journalctl -u {unit}', then run 'vpn-confinement apply'", HealthState.Failed);
        }

        return new SocketStatus { Unit = unit, State = state, Verdict = verdict, Listens = systemctl.ListensOf(unit) };
    }

    // Null for a process that ended meanwhile.
    private static (int Pid, NetnsIdentity? Netns)? Look(int pid)
    {
        var found = ProcessNetns.Of(pid, out var ended);
        return ended ? null : (pid, found);
    }
}
