using VpnConfinement.Compile.Systemd;
using VpnConfinement.Drift;
using VpnConfinement.Health;
using VpnConfinement.Linux.Apply;
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
        var status = Locate(Loaded(unit, dropIn), outlivesTunnel, out var difference, out var isOutside);
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

    private LoadedUnit Loaded(string unit, UnitSettings? dropIn) =>
        new() { Name = unit, Namespace = ns.Name, DropIn = dropIn, Loaded = units.Of(unit) };

    private ServiceStatus Locate(LoadedUnit unit, bool outlivesTunnel, out string? difference, out bool? isOutside)
    {
        var shown = unit.Loaded;
        var load = shown.GetValueOrDefault("LoadState") ?? "unknown";
        var group = shown.GetValueOrDefault("ControlGroup") ?? "";
        var processes = ProcessLook.At(unit.Name, group, netns);

        // Of a unit that was masked or deleted nothing starts again, but its processes are there as before.
        var drift = Drift(new HostState { Units = load is "loaded" ? [unit] : [], Processes = [processes] });
        difference = DetailOf(drift);
        var places = drift.Where(e => e.Part == PartList.Processes).ToList();
        isOutside = places.Exists(e => !e.IsUnknown) ? true : places.Count > 0 ? null : false;
        return new ServiceStatus
        {
            Unit = unit.Name,
            State = load is "loaded" ? shown.GetValueOrDefault("ActiveState") ?? "unknown" : load,
            Frozen = group.Length > 0 && ControlGroup.IsFrozen(group),
            OutlivesTunnel = outlivesTunnel,
            Verdict = VerdictOf(drift),
            BindRestricted = string.IsNullOrEmpty(shown.GetValueOrDefault("SocketBindDeny")) ? null
                : problems.Try($"whether {unit.Name} is held to its ports", () => BindRestriction.IsEnforced(group)),
            Processes = [.. processes.Known.Select(p => new ProcessPlace(p.Pid, p.Inode))],
        };
    }

    // What differs is told as well.
    private IReadOnlyList<DriftEntry> Drift(HostState seen)
    {
        var drift = PartList.Compare(seen);
        problems.Add(drift);
        return drift;
    }

    private static string? DetailOf(IReadOnlyList<DriftEntry> drift) =>
        drift.FirstOrDefault(e => e.Part == PartList.Units)?.Detail;

    private static Verdict VerdictOf(IReadOnlyList<DriftEntry> drift) =>
        Verdicts.Worst(drift.Select(e => e.IsUnknown ? Verdict.Unknown : Verdict.Bad));

    // Whom a tunnel that failed took along. One that an administrator stopped has taken them down as asked.
    private HashSet<string> Returning() =>
        units.Of(StateLayout.WireGuardUnit(ns.Interface), "ActiveState") is "inactive"
            ? []
            : (problems.Try("what comes back with the tunnel", () => ReturningServices.Recorded(ns.Name)) ?? []).ToHashSet(StringComparer.Ordinal);

    private SocketStatus Socket(string unit, UnitSettings? dropIn)
    {
        var shown = units.Of(unit);
        var state = UnitStates.Of(shown);
        if (state.Load is not "loaded")
        {
            Judge(isInPlace: true, null);
            return new SocketStatus { Unit = unit, State = state.Load ?? "unknown", Verdict = Verdict.Ok, Listens = [] };
        }

        var listens = systemctl.ListensOf(unit);
        var drift = Drift(new HostState
        {
            Units = [Loaded(unit, dropIn)],
            Sockets = state.Active is "active" ? [.. listens.Select(l => SocketLook.At(ns.Name, netns, unit, l))] : [],
        });
        var places = drift.Where(e => e.Part == PartList.Sockets).ToList();
        Judge(places.Exists(e => !e.IsUnknown) ? false : places.Count > 0 ? null : true, DetailOf(drift));
        return new SocketStatus
        {
            Unit = unit,
            State = state.Active ?? "unknown",
            Verdict = VerdictOf(drift),
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

    private SocketStatus PublishedSocket(string unit)
    {
        var forwarder = Loaded(StateLayout.ForwarderOf(unit), dropIn: null) with { IsForwarder = true };
        var verdict = Locate(forwarder, outlivesTunnel: true, out _, out var isOutside).Verdict;
        _health.Add(HealthEntry.Of(HealthKind.Published, ns.Name, unit, SocketHealth.JudgePublished(new SocketObservation
        {
            Name = unit,
            Unit = UnitStates.Of(units.Of(unit)),
            IsInPlace = !isOutside,
        })));
        var seen = HostLook.Published(unit, units);
        return new SocketStatus
        {
            Unit = unit,
            State = seen.State,
            Verdict = Verdicts.Worst([verdict, VerdictOf(Drift(new HostState { Published = [seen] }))]),
            Listens = systemctl.ListensOf(unit),
            To = StateLayout.PublishedPort(unit),
        };
    }
}
