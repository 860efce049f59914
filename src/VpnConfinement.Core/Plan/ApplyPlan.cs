using VpnConfinement.Compile;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Drift;
using VpnConfinement.Model;
using VpnConfinement.State;

namespace VpnConfinement.Plan;

/// <summary>What <c>apply</c> has to do: pure data, made from what was applied, what is on disk and what the configuration compiles to.</summary>
public sealed record ApplyPlan
{
    /// <summary>Files to write, and why. State before units, units before drop-ins.</summary>
    public required IReadOnlyList<PlannedWrite> FileWrites { get; init; }

    /// <summary>Files to write: new, changed, or damaged on disk.</summary>
    public IReadOnlyList<GeneratedFile> Writes => [.. FileWrites.Select(w => w.File)];

    /// <summary>Key copies to write, and why.</summary>
    public required IReadOnlyList<PlannedKey> KeyWrites { get; init; }

    /// <summary>Files of ours that no longer belong, as absolute paths.</summary>
    public required IReadOnlyList<string> Deletes { get; init; }

    /// <summary>Key copies that no longer belong, as absolute paths.</summary>
    public required IReadOnlyList<string> KeyDeletes { get; init; }

    /// <summary>Temporary files of writes that were cut short, to delete, as absolute paths.</summary>
    public required IReadOnlyList<string> LeftOvers { get; init; }

    /// <summary>Namespaces whose tunnel has to go down, and why.</summary>
    public required IReadOnlyList<PlannedStop> NamespaceStops { get; init; }

    /// <summary>Namespaces (as applied before) whose tunnel has to go down, because they changed or were removed.</summary>
    public IReadOnlyList<ManifestNamespace> Stops => [.. NamespaceStops.Select(s => s.Namespace)];

    /// <summary>Namespaces whose tunnel is changed while it is up, and why.</summary>
    public required IReadOnlyList<PlannedAdjustment> Adjustments { get; init; }

    /// <summary>Namespaces that are repaired while they are up, or down, and stay so, and why.</summary>
    public required IReadOnlyList<PlannedRepair> Repairs { get; init; }

    /// <summary>Confined units to stop, and to start again if they were up, and why.</summary>
    public required IReadOnlyList<PlannedRestart> UnitRestarts { get; init; }

    /// <summary>Confined units to stop, and to start again if they were up: newly confined, or their drop-in or namespace changed.</summary>
    public IReadOnlyList<string> Restarts => [.. UnitRestarts.Select(r => r.Unit)];

    /// <summary>Units that lose their confinement: stopped and left stopped.</summary>
    public required IReadOnlyList<string> Unconfined { get; init; }

    /// <summary>Units that were not confined before.</summary>
    public required IReadOnlyList<string> NewlyConfined { get; init; }

    /// <summary>Socket units of published ports to stop, with their forwarders: changed, removed, or their namespace goes down.</summary>
    public required IReadOnlyList<string> PublishStops { get; init; }

    /// <summary>Socket units of published ports to start at the end.</summary>
    public required IReadOnlyList<string> PublishStarts { get; init; }

    /// <summary>Namespaces that stay up and whose watcher has to be started.</summary>
    public required IReadOnlyList<string> Unwatched { get; init; }

    /// <summary>What is not as it was applied, whatever the configuration says now; doing the plan repairs it.</summary>
    public required IReadOnlyList<DriftEntry> Drift { get; init; }

    /// <summary>Units that an earlier change, which was cut short, has stopped or not started yet: started at the end.</summary>
    public required IReadOnlyList<string> StillToStart { get; init; }

    /// <summary>True when there is nothing to do.</summary>
    public bool IsEmpty => StillToStart.Count + Repairs.Count == 0
        && FileWrites.Count + Deletes.Count + KeyDeletes.Count + LeftOvers.Count + NamespaceStops.Count + Adjustments.Count + UnitRestarts.Count + Unconfined.Count + PublishStops.Count + PublishStarts.Count + Unwatched.Count == 0;

    /// <summary>Compares and decides.</summary>
    /// <param name="applied">What was applied last; <see cref="Manifest.Empty"/> for nothing.</param>
    /// <param name="tree">What the configuration compiles to now.</param>
    /// <param name="host">What the host looks like.</param>
    public static ApplyPlan Make(Manifest applied, CompiledTree tree, HostObservation host)
    {
        var wanted = Manifest.Of(tree);
        var wantedPaths = wanted.Files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        var appliedHashes = applied.Files.ToDictionary(f => f.Path, f => f.Sha256, StringComparer.Ordinal);
        var writes = tree.Files.Zip(wanted.Files)
            .Select(p => (File: p.First, Change: FileChangeOf(host.HashOnDisk(p.First.Path), appliedHashes.GetValueOrDefault(p.First.Path), p.Second.Sha256)))
            .Where(w => w.Change is not null)
            .Select(w => new PlannedWrite(w.File, w.Change!.Value)).ToList();
        var keys = host.ChangedKeys.Order(StringComparer.Ordinal)
            .Select(k => new PlannedKey(k, !applied.Keys.Contains(k) ? KeyChange.New : host.DamagedKeys.Contains(k) ? KeyChange.Damaged : KeyChange.Changed)).ToList();

        var reasons = PlanReasons.Of(applied, wanted, tree.Plans, writes, host, NamespaceRuleset.PolicyOf);
        var changedUnits = writes.Select(w => w.File.Unit).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var unitsBefore = Names(applied.Namespaces);
        var unitsNow = Names(wanted.Namespaces);
        var stopping = wanted.Namespaces.Where(reasons.MustStop).ToList();
        var publishedNow = Published(wanted.Namespaces);
        return new ApplyPlan
        {
            StillToStart = [.. applied.Starting.Concat(applied.Unstarted).Where(u => unitsNow.Contains(u) || unitsNow.Contains(UnitName.TemplateOf(u)))],
            FileWrites = [.. writes.OrderBy(w => WriteOrder(w.File)).ThenBy(w => w.File.Path, StringComparer.Ordinal)],
            KeyWrites = keys,
            Deletes = [.. applied.Files.Select(f => f.Path).Where(p => !wantedPaths.Contains(p)).Order(StringComparer.Ordinal)],
            KeyDeletes = [.. applied.Keys.Except(wanted.Keys).Order(StringComparer.Ordinal)],
            LeftOvers = host.LeftOvers,
            NamespaceStops = [.. applied.Namespaces.Where(reasons.MustStop).Select(reasons.Stop)],
            Adjustments = reasons.Adjustments,
            Repairs = RepairsOf(host.Namespaces, wanted.Namespaces.Where(n => !reasons.MustStop(n))),
            UnitRestarts = reasons.Restarts(wanted.Namespaces, unitsBefore, host.Misplaced),
            Unconfined = [.. unitsBefore.Except(unitsNow).Order(StringComparer.Ordinal)],
            NewlyConfined = [.. unitsNow.Except(unitsBefore).Order(StringComparer.Ordinal)],
            PublishStops =
            [
                .. Published(applied.Namespaces).Where(p => !publishedNow.Contains(p) || changedUnits.Contains(p))
                    .Concat(Published(applied.Namespaces.Where(reasons.MustStop))).Distinct().Order(StringComparer.Ordinal),
            ],
            Unwatched = [.. wanted.Namespaces.Where(n => host.Unwatched.Contains(n.Name) && !reasons.MustStop(n)).Select(n => n.Name)],
            PublishStarts =
            [
                .. publishedNow.Where(p => changedUnits.Contains(p) || host.DownPublished.Contains(p)).Concat(Published(stopping)).Distinct().Order(StringComparer.Ordinal),
            ],
            Drift = host.Drift,
        };
    }

    // One that goes down comes up whole.
    private static IReadOnlyList<PlannedRepair> RepairsOf(
        IEnumerable<DriftEntry> drift, IEnumerable<ManifestNamespace> staying) =>
    [
        .. from ns in staying
           let reasons = drift.Where(d => d.Subject == ns.Name && d.IsRepairedInPlace)
               .Select(d => new PlanReason(PlanReasonKind.Damaged, d.Text)).ToList()
           where reasons.Count > 0
           select new PlannedRepair(ns.Name, reasons),
    ];

    // Null where nothing has to be done.
    private static FileChange? FileChangeOf(string? onDisk, string? applied, string wanted) => (onDisk, applied) switch
    {
        (null, null) => FileChange.New,
        (_, null) => FileChange.Unrecorded,
        (_, "") => FileChange.CutShort,
        (null, _) => FileChange.Missing,
        _ when onDisk != applied => FileChange.Edited,
        _ => applied == wanted ? null : FileChange.Changed,
    };

    // A drop-in names units, a unit names state: written in that order, nothing ever names what is not there yet.
    private static int WriteOrder(GeneratedFile file) =>
        file.Path.StartsWith(StateLayout.StateFolder, StringComparison.Ordinal) ? 0 : file.Unit is null ? 1 : 2;

    private static HashSet<string> Names(IEnumerable<ManifestNamespace> namespaces) => namespaces.SelectMany(n => n.Units).Select(u => u.Name).ToHashSet(StringComparer.Ordinal);

    private static HashSet<string> Published(IEnumerable<ManifestNamespace> namespaces) => namespaces.SelectMany(n => n.Published).ToHashSet(StringComparer.Ordinal);
}
