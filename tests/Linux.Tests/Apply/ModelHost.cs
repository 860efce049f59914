using VpnConfinement.Change;
using VpnConfinement.Compile;
using VpnConfinement.Drift;
using VpnConfinement.Core.Tests.Change;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Tests.Apply;

/// <summary>
/// A host in memory: files, what systemd has loaded of them, namespaces with their rulesets, and processes, each with
/// the network that it started in. One step of a change can be made to fail.
/// </summary>
internal sealed class ModelHost : IChangeHost
{
    /// <summary>The network of a process that is not confined.</summary>
    internal const string OnHost = "host";

    private readonly Dictionary<int, CompiledTree> _kept = [];
    private readonly Stack<Action> _written = [];
    private readonly ChangeCase _change;
    private SortedDictionary<string, string> _loaded = new(StringComparer.Ordinal);
    private IReadOnlyList<string> _paused = [];
    private IReadOnlyList<string> _stopped = [];
    private int _starts;

    internal ModelHost(ChangeCase change)
    {
        _change = change;
        Manifest = change.Applied;
        _kept[change.Applied.Generation] = change.Before;
        foreach (var file in (change.CutShort ?? change.Before).Files)
        {
            Disk[file.Path] = file.Content;
        }

        _loaded = new(Disk, StringComparer.Ordinal);
        foreach (var ns in change.Before.Namespaces)
        {
            Rulesets[ns.Name] = Disk[StateLayout.Ruleset(ns.Name)];
            Watchers.Add(StateLayout.WatchUnit(ns.Name));
            ns.Published.ToList().ForEach(Run);
        }

        change.Up.ToList().ForEach(Run);
    }

    internal Manifest Manifest { get; private set; }

    internal SortedDictionary<string, string> Disk { get; } = new(StringComparer.Ordinal);

    /// <summary>The rulesets of the namespaces that are up.</summary>
    internal SortedDictionary<string, string> Rulesets { get; } = new(StringComparer.Ordinal);

    internal SortedSet<string> Watchers { get; } = new(StringComparer.Ordinal);

    /// <summary>What runs: its network, and which start of all it came with.</summary>
    internal SortedDictionary<string, (string Network, int Start)> Running { get; } = new(StringComparer.Ordinal);

    internal int Committed { get; private set; }

    /// <summary>The steps that were begun.</summary>
    internal List<ChangeStep> Begun { get; } = [];

    /// <summary>Which step fails, counted from zero over all runs; none where it is negative.</summary>
    internal int FailAt { get; set; } = -1;

    internal ModelFault Fault { get; set; }

    /// <summary>Units that systemd cannot start.</summary>
    internal HashSet<string> Broken { get; } = [];

    public void Begin()
    {
        _written.Clear();
        (_paused, _stopped) = ([], []);
    }

    public Manifest Recorded() => Manifest;

    public CompiledTree Kept(int generation) => _kept[generation];

    public ApplyPlan Plan(Manifest applied, CompiledTree tree) => ApplyPlan.Make(applied, tree, new HostObservation
    {
        HashOnDisk = HashOf,
        Applied = ns => new[] { StateLayout.Plan(ns), StateLayout.Ruleset(ns) }
            .All(p => applied.Files.Any(f => f.Path == p && f.Sha256 == HashOf(p)))
                ? PlanJson.Read(Disk[StateLayout.Plan(ns)]) : null,
        Drift =
        [
            .. PartList.Compare(new HostState
            {
                Published = [.. tree.Namespaces.SelectMany(n => n.Published).Select(p => new PublishedSocket(p, StateOf(p)))],
                Watchers =
                [
                    .. applied.Namespaces.Select(n => n.Name).Where(Rulesets.ContainsKey)
                        .Select(n => new WatcherState(n, Watchers.Contains(StateLayout.WatchUnit(n)) ? "active" : "inactive", null)),
                ],
            }),
            .. Begun.Count == 0 ? _change.Damage : [],
        ],
    });

    private string StateOf(string unit) => Running.ContainsKey(unit) ? "active" : "inactive";

    public ChangeObservation Observe(Manifest applied, ApplyPlan plan) => new()
    {
        Up = [.. ChangeSteps.UnitsOf(plan).Where(Running.ContainsKey)],
        Networks = Running.Keys.ToDictionary(
            u => u, u => _loaded.GetValueOrDefault(SampleNamespace.DropIn(u)) is { } ns ? StateLayout.Netns(ns) : ""),
        Watchers = [.. ChangeSteps.WatchersOf(plan).Where(Watchers.Contains)],
        Unstarted = [.. applied.Unstarted.Where(u => !Running.ContainsKey(u))],
        Living = Rulesets.Keys.ToHashSet(StringComparer.Ordinal),
    };

    public void Do(ChangeStep step) => Faulty(step, half => Act(step, half));

    public SystemFailure? Start(ChangeStep.Start step)
    {
        Faulty(step, half => step.Units.Take(half ? step.Units.Count / 2 : step.Units.Count).ToList().ForEach(Run));
        var down = step.Units.Where(u => !Running.ContainsKey(u)).ToList();
        return down.Count == 0 ? null : new SystemFailure($"{step.Failure}: {string.Join(", ", down)}");
    }

    public IReadOnlySet<string> DownAmong(IReadOnlyList<string> units) =>
        units.Where(u => !Running.ContainsKey(u)).ToHashSet(StringComparer.Ordinal);

    public void Undo(Exception cause)
    {
        while (_written.TryPop(out var back))
        {
            back();
        }

        _loaded = new(Disk, StringComparer.Ordinal);
        Watchers.UnionWith(_paused);
        _stopped.ToList().ForEach(Run);
    }

    private void Faulty(ChangeStep step, Action<bool> act)
    {
        var number = Begun.Count;
        Begun.Add(step);
        var fails = FailAt >= 0 && (number == FailAt || (Fault == ModelFault.FromThenOn && number > FailAt));
        if (!fails || Fault is ModelFault.HalfWay or ModelFault.Afterwards)
        {
            act(fails && Fault == ModelFault.HalfWay);
        }

        if (fails)
        {
            throw new SystemFailure($"injected at {step.GetType().Name}");
        }
    }

    private void Act(ChangeStep step, bool half)
    {
        switch (step)
        {
            case ChangeStep.PauseWatchers s:
                _paused = s.Units;
                Watchers.ExceptWith(Some(s.Units, half));
                break;
            case ChangeStep.Record s:
                var former = Manifest;
                _written.Push(() => Manifest = former);
                Manifest = s.Manifest;
                break;
            case ChangeStep.WriteFiles s:
                Some(s.Files, half).ForEach(Write);
                break;
            case ChangeStep.Reload:
                _loaded = new(Disk, StringComparer.Ordinal);
                break;
            case ChangeStep.CheckLoaded s:
                Assert.All(s.Tree.Files, f => Assert.Equal(f.Content, _loaded[f.Path]));
                break;
            case ChangeStep.Adjust s:
                Some(s.Living, half).ForEach(l => Rulesets[l.Namespace] = Disk[StateLayout.Ruleset(l.Namespace)]);
                break;
            case ChangeStep.StopUnits s:
                Some(s.Units, half).ForEach(StopOwn);
                break;
            case ChangeStep.StopServices s:
                _stopped = s.IsUndone ? s.Returning : [];
                Some(s.Units, half).ForEach(u => Running.Remove(u));
                break;
            case ChangeStep.TakeDown s:
                Rulesets.Remove(s.Namespace);
                break;
            case ChangeStep.CheckEmptied s:
                Assert.All(s.Units, u => Assert.False(Running.ContainsKey(u)));
                break;
            case ChangeStep.Delete s:
                Some(s.Paths, half).ForEach(p => Disk.Remove(p));
                break;
            case ChangeStep.Commit s:
                Committed = s.Generation;
                break;
            case ChangeStep.Watch s:
                Watchers.UnionWith(Some(s.Units, half));
                break;
        }
    }

    private static List<T> Some<T>(IReadOnlyList<T> all, bool half) => [.. all.Take(half ? all.Count / 2 : all.Count)];

    private void Write(GeneratedFile file)
    {
        var before = Disk.GetValueOrDefault(file.Path);
        _written.Push(() => _ = before is null ? Disk.Remove(file.Path) : (Disk[file.Path] = before) == before);
        Disk[file.Path] = file.Content;
    }

    // What is bound to a tunnel or its namespace ends with it.
    private void StopOwn(string unit)
    {
        Watchers.Remove(unit);
        Running.Remove(unit);
        foreach (var ns in Rulesets.Keys.Where(n =>
            unit == StateLayout.NetnsUnit(n) || unit == StateLayout.WireGuardUnit("wg-" + n)).ToList())
        {
            Rulesets.Remove(ns);
            Watchers.Remove(StateLayout.WatchUnit(ns));
            Running.Where(r => r.Value.Network == ns).Select(r => r.Key).ToList().ForEach(u => Running.Remove(u));
        }
    }

    // By what systemd has loaded; a namespace is brought up by its files, with its watcher.
    private void Run(string unit)
    {
        if (Broken.Contains(unit) || Running.ContainsKey(unit))
        {
            return;
        }

        var network = _loaded.GetValueOrDefault(SampleNamespace.DropIn(unit)) ?? OnHost;
        if (network != OnHost && !Rulesets.ContainsKey(network))
        {
            Rulesets[network] = Disk[StateLayout.Ruleset(network)];
            Watchers.Add(StateLayout.WatchUnit(network));
        }

        Running[unit] = (network, _starts++);
    }

    private string? HashOf(string path) => Disk.GetValueOrDefault(path) is { } text ? ContentHash.Of(text) : null;
}
