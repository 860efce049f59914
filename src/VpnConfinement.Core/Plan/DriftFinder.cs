using VpnConfinement.State;

namespace VpnConfinement.Plan;

/// <summary>Tells what is not as it was applied from what only the configuration changes.</summary>
internal static class DriftFinder
{
    internal static IReadOnlyList<Drift> Find(Manifest applied, IReadOnlyList<PlannedWrite> writes, IReadOnlyList<PlannedKey> keys, HostObservation host) =>
    [
        .. CutShort(applied),
        .. host.LeftOvers.Select(p => new Drift(DriftKind.LeftOver, p, $"{p} was left behind by a write that was cut short")),
        .. host.DamagedGenerations,
        .. applied.Unnamed.Select(p => new Drift(DriftKind.File, p, $"{p} is there, and not known as applied")),
        .. writes.OrderBy(w => w.File.Path, StringComparer.Ordinal).Select(OfFile).OfType<Drift>(),
        .. keys.Where(k => k.Change is KeyChange.Damaged).Select(k => new Drift(DriftKind.Key, k.Path, $"key {k.Path} is missing, or others than root may read it")),
        .. host.Damaged.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => new Drift(DriftKind.Namespace, d.Key, d.Value)),
        .. host.Unproven.OrderBy(d => d.Key, StringComparer.Ordinal)
            .Select(d => new Drift(DriftKind.Namespace, d.Key, $"{d.Value}; 'apply' loads it again in place")),
        .. host.Misplaced.Order(StringComparer.Ordinal).Select(u => new Drift(DriftKind.Unit, u, $"{u} is confined and runs on the host's network")),
        .. applied.Namespaces.SelectMany(n => n.Published).Where(host.DownPublished.Contains).Distinct().Order(StringComparer.Ordinal)
            .Select(p => new Drift(DriftKind.Published, p, $"{p} is down, so nothing listens for that published port")),
        .. host.Unwatched.Order(StringComparer.Ordinal).Select(n => new Drift(DriftKind.Watcher, n, $"the watcher of namespace {n} does not run")),
    ];

    private static IEnumerable<Drift> CutShort(Manifest applied) =>
        !applied.IsWhole
            ? [new Drift(DriftKind.CutShort, StateLayout.Manifest, "an earlier 'apply' or 'remove' was cut short, or is still under way")]
            : [];

    private static Drift? OfFile(PlannedWrite write)
    {
        var path = write.File.Path;
        return write.Change switch
        {
            FileChange.New or FileChange.Changed or FileChange.CutShort => null,
            FileChange.Edited => new Drift(DriftKind.File, path, $"{path} was changed since it was applied"),
            FileChange.Missing => new Drift(DriftKind.File, path, $"{path} is missing"),
            FileChange.Unrecorded => new Drift(DriftKind.File, path, $"{path} is there, and not known as applied"),
            _ => throw new InvalidOperationException("a file change of an unknown kind"),
        };
    }
}
