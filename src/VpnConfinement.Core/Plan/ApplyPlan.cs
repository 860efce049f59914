using VpnConfinement.Compile;
using VpnConfinement.State;

namespace VpnConfinement.Plan;

/// <summary>What <c>apply</c> has to do: pure data, made from what was applied, what is on disk and what the configuration compiles to.</summary>
public sealed record ApplyPlan
{
    /// <summary>Files to write: new, changed, or damaged on disk. State before units, units before drop-ins.</summary>
    public required IReadOnlyList<GeneratedFile> Writes { get; init; }

    /// <summary>Files of ours that no longer belong, as absolute paths.</summary>
    public required IReadOnlyList<string> Deletes { get; init; }

    /// <summary>Key copies that no longer belong, as absolute paths.</summary>
    public required IReadOnlyList<string> KeyDeletes { get; init; }

    /// <summary>Namespaces (as applied before) whose tunnel has to go down, because they changed or were removed.</summary>
    public required IReadOnlyList<ManifestNamespace> Stops { get; init; }

    /// <summary>Confined units to stop, and to start again if they were up: newly confined, or their drop-in or namespace changed.</summary>
    public required IReadOnlyList<string> Restarts { get; init; }

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

    /// <summary>Whether an earlier change was cut short after its last file and before its last start.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>True when there is nothing to do.</summary>
    public bool IsEmpty => !Interrupted
        && Writes.Count + Deletes.Count + KeyDeletes.Count + Stops.Count + Restarts.Count + Unconfined.Count + PublishStops.Count + PublishStarts.Count + Unwatched.Count == 0;

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
            .Where(p => host.HashOnDisk(p.First.Path) != p.Second.Sha256 || appliedHashes.GetValueOrDefault(p.First.Path) != p.Second.Sha256)
            .Select(p => p.First).ToList();

        var sharedChanged = writes.Any(f => f.Namespace is null);
        var changed = writes.Where(f => f.Unit is null && f.Namespace is not null).Select(f => f.Namespace!).ToHashSet(StringComparer.Ordinal);
        changed.UnionWith(host.Damaged);
        changed.UnionWith(tree.Plans.Where(p => KeyFiles(p).Any(host.ChangedKeys.Contains)).Select(p => p.Namespace));
        AddCarried(changed, tree.Plans);
        var now = wanted.Namespaces.Select(n => (n.Name, n.Interface)).ToHashSet();
        bool MustStop(ManifestNamespace n) => sharedChanged || changed.Contains(n.Name) || !now.Contains((n.Name, n.Interface));

        var changedUnits = writes.Select(f => f.Unit).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var unitsBefore = Names(applied.Namespaces);
        var unitsNow = Names(wanted.Namespaces);
        var stopping = wanted.Namespaces.Where(MustStop).ToList();
        var publishedNow = Published(wanted.Namespaces);
        return new ApplyPlan
        {
            Interrupted = applied.Starting.Count > 0,
            Writes = [.. writes.OrderBy(WriteOrder).ThenBy(f => f.Path, StringComparer.Ordinal)],
            Deletes = [.. applied.Files.Select(f => f.Path).Where(p => !wantedPaths.Contains(p)).Order(StringComparer.Ordinal)],
            KeyDeletes = [.. applied.Keys.Except(wanted.Keys).Order(StringComparer.Ordinal)],
            Stops = [.. applied.Namespaces.Where(MustStop)],
            Restarts =
            [
                .. stopping.SelectMany(n => n.Units).Concat(wanted.Namespaces.SelectMany(n => n.Units).Where(u => changedUnits.Contains(u.Name)))
                    .SelectMany(WithService).Concat(host.Misplaced).Distinct().Order(StringComparer.Ordinal),
            ],
            Unconfined = [.. unitsBefore.Except(unitsNow).Order(StringComparer.Ordinal)],
            NewlyConfined = [.. unitsNow.Except(unitsBefore).Order(StringComparer.Ordinal)],
            PublishStops =
            [
                .. Published(applied.Namespaces).Where(p => !publishedNow.Contains(p) || changedUnits.Contains(p))
                    .Concat(Published(applied.Namespaces.Where(MustStop))).Distinct().Order(StringComparer.Ordinal),
            ],
            Unwatched = [.. wanted.Namespaces.Where(n => host.Unwatched.Contains(n.Name) && !MustStop(n)).Select(n => n.Name)],
            PublishStarts =
            [
                .. publishedNow.Where(p => changedUnits.Contains(p) || host.DownPublished.Contains(p)).Concat(Published(stopping)).Distinct().Order(StringComparer.Ordinal),
            ],
        };
    }

    // A tunnel inside another goes down with it, and those that it serves have to be started again.
    private static void AddCarried(HashSet<string> changed, IReadOnlyList<NamespacePlan> plans)
    {
        while (plans.FirstOrDefault(p => p.WireGuard is { BirthplaceManaged: true, Birthplace: { } outer } && changed.Contains(outer) && !changed.Contains(p.Namespace)) is { } inner)
        {
            changed.Add(inner.Namespace);
        }
    }

    // A drop-in names units, a unit names state: written in that order, nothing ever names what is not there yet.
    private static int WriteOrder(GeneratedFile file) =>
        file.Path.StartsWith(StateLayout.StateFolder, StringComparison.Ordinal) ? 0 : file.Unit is null ? 1 : 2;

    // The service holds what its socket listens with, and systemd starts no socket beside its running service.
    private static IEnumerable<string> WithService(ManifestUnit unit) => unit.Activates is { } service ? [unit.Name, service] : [unit.Name];

    private static HashSet<string> Names(IEnumerable<ManifestNamespace> namespaces) => namespaces.SelectMany(n => n.Units).Select(u => u.Name).ToHashSet(StringComparer.Ordinal);

    private static HashSet<string> Published(IEnumerable<ManifestNamespace> namespaces) => namespaces.SelectMany(n => n.Published).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> KeyFiles(NamespacePlan plan) =>
        plan.WireGuard.Peers.Select(p => p.PresharedKeyFile).OfType<string>().Append(plan.WireGuard.PrivateKeyFile);
}
