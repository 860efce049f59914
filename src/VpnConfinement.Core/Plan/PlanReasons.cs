using VpnConfinement.State;

namespace VpnConfinement.Plan;

/// <summary>Which namespaces have to go down and which units have to be restarted, with why.</summary>
internal sealed class PlanReasons
{
    private readonly Dictionary<string, List<PlanReason>> _namespaces = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, PlannedAdjustment> _living = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _unitFiles = new(StringComparer.Ordinal);
    private readonly List<PlanReason> _shared;
    private readonly HashSet<(string Name, string Interface)> _wanted;
    private readonly HashSet<string> _wantedNames;

    private PlanReasons(Manifest wanted, List<PlanReason> shared)
    {
        _wanted = [.. wanted.Namespaces.Select(n => (n.Name, n.Interface))];
        _wantedNames = wanted.Namespaces.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        _shared = shared;
    }

    internal static PlanReasons Of(Manifest applied, Manifest wanted, IReadOnlyList<NamespacePlan> plans, IReadOnlyList<PlannedWrite> writes, HostObservation host, Func<NamespacePlan, PolicyPlan?> policyOf)
    {
        var files = writes.Select(w => w.File).OrderBy(f => f.Path, StringComparer.Ordinal).ToList();
        var reasons = new PlanReasons(wanted,
        [
            .. files.Where(f => f.Namespace is null && !StateLayout.NetworkDaemonFiles.Contains(f.Path))
                .Select(f => new PlanReason(PlanReasonKind.SharedFileChanges, f.Path)),
        ]);
        foreach (var drift in host.Namespaces.Where(d => d.IsToRepair && !d.IsRepairedInPlace))
        {
            reasons.Add(drift.Subject, new PlanReason(PlanReasonKind.Damaged, drift.Text));
        }

        foreach (var file in files.Where(f => f.Namespace is not null))
        {
            if (file.Unit is { } unit)
            {
                reasons._unitFiles.TryAdd(unit, file.Path);
            }
            else
            {
                reasons.Add(file.Namespace!, new PlanReason(PlanReasonKind.FileChanges, file.Path));
            }
        }

        foreach (var plan in plans)
        {
            foreach (var key in KeyFiles(plan).Where(host.ChangedKeys.Contains).Distinct().Order(StringComparer.Ordinal))
            {
                reasons.Add(plan.Namespace, new PlanReason(PlanReasonKind.KeyChanges, key));
            }
        }

        reasons.FindLiving(plans, writes, host, policyOf);
        reasons.AddCarried(plans);
        return reasons;
    }

    /// <summary>The namespaces that stay up and whose tunnel is changed.</summary>
    internal IReadOnlyList<PlannedAdjustment> Adjustments => _shared.Count > 0 ? [] : [.. _living.Values];

    /// <summary>Whether a namespace has to go down, be it the one that was applied or the one that comes.</summary>
    internal bool MustStop(ManifestNamespace ns) => _shared.Count > 0 || _namespaces.ContainsKey(ns.Name) || !_wanted.Contains((ns.Name, ns.Interface));

    internal PlannedStop Stop(ManifestNamespace ns) => new(ns, _wanted.Contains((ns.Name, ns.Interface)), [.. Leaving(ns), .. _shared, .. _namespaces.GetValueOrDefault(ns.Name) ?? []]);

    /// <summary>The units to restart.</summary>
    /// <param name="wanted">The namespaces that are to be.</param>
    /// <param name="before">The units that were confined before.</param>
    /// <param name="misplaced">Units with processes on the host's network.</param>
    internal IReadOnlyList<PlannedRestart> Restarts(IReadOnlyList<ManifestNamespace> wanted, HashSet<string> before, IReadOnlySet<string> misplaced)
    {
        var found = new SortedDictionary<string, List<PlanReason>>(StringComparer.Ordinal);
        foreach (var (ns, unit) in wanted.SelectMany(n => n.Units.Select(u => (n, u))))
        {
            if (!MustStop(ns) && !_unitFiles.ContainsKey(unit.Name))
            {
                continue;
            }

            Reasons(unit.Name).AddRange(Of(ns, unit, before));

            // The service holds what its socket listens with, and systemd starts no socket beside its running service.
            if (unit.Activates is { } service)
            {
                Reasons(service).Add(new PlanReason(PlanReasonKind.SocketRestarts, unit.Name));
            }
        }

        foreach (var unit in misplaced)
        {
            Reasons(unit).Add(new PlanReason(PlanReasonKind.OnHostNetwork, unit));
            foreach (var service in wanted.SelectMany(n => n.Units).Where(u => u.Name == unit).Select(u => u.Activates))
            {
                if (service is not null)
                {
                    Reasons(service).Add(new PlanReason(PlanReasonKind.SocketRestarts, unit));
                }
            }
        }

        return [.. found.Select(f => new PlannedRestart(f.Key, f.Value))];

        List<PlanReason> Reasons(string unit) => found.TryGetValue(unit, out var reasons) ? reasons : found[unit] = [];
    }

    private IEnumerable<PlanReason> Of(ManifestNamespace ns, ManifestUnit unit, HashSet<string> before)
    {
        if (!before.Contains(unit.Name))
        {
            yield return new PlanReason(PlanReasonKind.NewlyConfined, ns.Name);
            yield break;
        }

        if (MustStop(ns))
        {
            yield return new PlanReason(PlanReasonKind.NamespaceStops, ns.Name);
        }

        if (_unitFiles.TryGetValue(unit.Name, out var path))
        {
            yield return new PlanReason(PlanReasonKind.FileChanges, path);
        }
    }

    private IEnumerable<PlanReason> Leaving(ManifestNamespace ns) =>
        _wanted.Contains((ns.Name, ns.Interface)) ? []
        : _wantedNames.Contains(ns.Name) ? [new PlanReason(PlanReasonKind.InterfaceRenamed, ns.Interface)]
        : [new PlanReason(PlanReasonKind.LeavesConfiguration, ns.Name)];

    // A tunnel inside another goes down with it, and those that it serves have to be started again.
    private void AddCarried(IReadOnlyList<NamespacePlan> plans)
    {
        while (plans.FirstOrDefault(p => OuterOf(p) is { } outer && _namespaces.ContainsKey(outer) && !_namespaces.ContainsKey(p.Namespace)) is { } inner)
        {
            Add(inner.Namespace, new PlanReason(PlanReasonKind.OuterTunnelStops, OuterOf(inner)!));
            if (_living.Remove(inner.Namespace, out var adjustment))
            {
                _namespaces[inner.Namespace].AddRange(adjustment.Reasons);
            }
        }
    }

    // Nothing but the plan, the ruleset and keys changes, and the living tunnel can take that.
    private void FindLiving(
        IReadOnlyList<NamespacePlan> plans,
        IReadOnlyList<PlannedWrite> writes,
        HostObservation host,
        Func<NamespacePlan, PolicyPlan?> policyOf)
    {
        var changed = writes.Where(w => w.Change == FileChange.Changed).Select(w => w.File.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var plan in plans)
        {
            string[] paths = [StateLayout.Plan(plan.Namespace), StateLayout.Ruleset(plan.Namespace)];
            if (_shared.Count == 0 && _namespaces.TryGetValue(plan.Namespace, out var reasons)
                && reasons.TrueForAll(r => r.Kind == PlanReasonKind.KeyChanges || (r.Kind == PlanReasonKind.FileChanges && paths.Contains(r.Subject) && changed.Contains(r.Subject)))
                && host.Applied(plan.Namespace) is { } applied
                && LivingChange.Of(applied, plan, policyOf) is { } change)
            {
                _namespaces.Remove(plan.Namespace);
                _living.Add(plan.Namespace, new PlannedAdjustment(plan.Namespace, reasons, change));
            }
        }
    }

    private static string? OuterOf(NamespacePlan plan) => plan.WireGuard is { BirthplaceManaged: true, Birthplace: { } outer } ? outer : null;

    private void Add(string ns, PlanReason reason)
    {
        if (!_namespaces.TryGetValue(ns, out var reasons))
        {
            _namespaces[ns] = reasons = [];
        }

        reasons.Add(reason);
    }

    private static IEnumerable<string> KeyFiles(NamespacePlan plan) =>
        plan.WireGuard.Peers.Select(p => p.PresharedKeyFile).OfType<string>().Append(plan.WireGuard.PrivateKeyFile);
}
