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

    /// <summary>Services to stop, and to start again if they were running: newly confined, or their drop-in or namespace changed.</summary>
    public required IReadOnlyList<string> Restarts { get; init; }

    /// <summary>Services that lose their confinement: stopped and left stopped.</summary>
    public required IReadOnlyList<string> Unconfined { get; init; }

    /// <summary>Services that were not confined before.</summary>
    public required IReadOnlyList<string> NewlyConfined { get; init; }

    /// <summary>Whether an earlier change was cut short after its last file and before its last start.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>True when there is nothing to do.</summary>
    public bool IsEmpty => !Interrupted && Writes.Count + Deletes.Count + KeyDeletes.Count + Stops.Count + Restarts.Count + Unconfined.Count == 0;

    /// <summary>Compares and decides.</summary>
    /// <param name="applied">What was applied last; <see cref="Manifest.Empty"/> for nothing.</param>
    /// <param name="tree">What the configuration compiles to now.</param>
    /// <param name="hashOnDisk">Hash of the file at a path, or null where there is none.</param>
    /// <param name="damaged">Namespaces that are not in the kernel as they were brought up.</param>
    /// <param name="misplaced">Units with processes on the host's network, which have to be restarted.</param>
    /// <param name="changedKeys">Paths of key copies that are missing on disk or hold another key.</param>
    public static ApplyPlan Make(Manifest applied, CompiledTree tree, Func<string, string?> hashOnDisk, IReadOnlySet<string> changedKeys, IReadOnlySet<string> damaged, IReadOnlySet<string> misplaced)
    {
        var wanted = Manifest.Of(tree);
        var wantedPaths = wanted.Files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        var appliedHashes = applied.Files.ToDictionary(f => f.Path, f => f.Sha256, StringComparer.Ordinal);
        var writes = tree.Files.Zip(wanted.Files)
            .Where(p => hashOnDisk(p.First.Path) != p.Second.Sha256 || appliedHashes.GetValueOrDefault(p.First.Path) != p.Second.Sha256)
            .Select(p => p.First).ToList();

        var servicesBefore = applied.Namespaces.SelectMany(n => n.Services).ToHashSet(StringComparer.Ordinal);
        var servicesNow = wanted.Namespaces.SelectMany(n => n.Services).ToHashSet(StringComparer.Ordinal);
        var sharedChanged = writes.Any(f => f.Namespace is null);
        var changed = writes.Where(f => f.Service is null && f.Namespace is not null).Select(f => f.Namespace!).ToHashSet(StringComparer.Ordinal);
        changed.UnionWith(damaged);
        changed.UnionWith(tree.Plans.Where(p => KeyFiles(p).Any(changedKeys.Contains)).Select(p => p.Namespace));
        // What an outer tunnel carries goes down and comes back with it.
        while (tree.Plans.FirstOrDefault(p => p.WireGuard.BirthplaceManaged && changed.Contains(p.WireGuard.Birthplace!) && !changed.Contains(p.Namespace)) is { } carried)
        {
            changed.Add(carried.Namespace);
        }

        var now = wanted.Namespaces.Select(n => (n.Name, n.Interface)).ToHashSet();
        bool MustStop(ManifestNamespace n) => sharedChanged || changed.Contains(n.Name) || !now.Contains((n.Name, n.Interface));

        var restarts = writes.Where(f => f.Service is not null).Select(f => f.Service!)
            .Concat(wanted.Namespaces.Where(MustStop).SelectMany(n => n.Services)).Concat(misplaced)
            .Distinct().Order(StringComparer.Ordinal).ToList();

        return new ApplyPlan
        {
            Interrupted = applied.Starting.Count > 0,
            Writes = [.. writes.OrderBy(f => WriteOrder(f)).ThenBy(f => f.Path, StringComparer.Ordinal)],
            Deletes = [.. applied.Files.Select(f => f.Path).Where(p => !wantedPaths.Contains(p)).Order(StringComparer.Ordinal)],
            KeyDeletes = [.. applied.Keys.Except(wanted.Keys).Order(StringComparer.Ordinal)],
            Stops = [.. applied.Namespaces.Where(MustStop)],
            Restarts = restarts,
            Unconfined = [.. servicesBefore.Except(servicesNow).Order(StringComparer.Ordinal)],
            NewlyConfined = [.. servicesNow.Except(servicesBefore).Order(StringComparer.Ordinal)],
        };
    }

    // A drop-in names units, a unit names state: written in that order, nothing ever names what is not there yet.
    private static int WriteOrder(GeneratedFile file) =>
        file.Path.StartsWith(StateLayout.StateFolder, StringComparison.Ordinal) ? 0 : file.Service is null ? 1 : 2;

    private static IEnumerable<string> KeyFiles(NamespacePlan plan) =>
        plan.WireGuard.Peers.Select(p => p.PresharedKeyFile).OfType<string>().Append(plan.WireGuard.PrivateKeyFile);
}
