using VpnConfinement.Drift;
using VpnConfinement.State;

namespace VpnConfinement.Plan;

/// <summary>Tells what is not as it was applied from what only the configuration changes.</summary>
internal static class DriftFinder
{
    internal static IReadOnlyList<DriftEntry> Find(Manifest applied, IReadOnlyList<PlannedWrite> writes, IReadOnlyList<PlannedKey> keys, HostObservation host) =>
    [
        .. CutShort(applied),
        .. host.LeftOvers.Select(p => new DriftEntry(DriftKind.LeftOver, p, $"{p} was left behind by a write that was cut short")),
        .. host.DamagedGenerations,
        .. applied.Unnamed.Select(p => new DriftEntry(DriftKind.File, p, $"{p} is there, and not known as applied")),
        .. writes.OrderBy(w => w.File.Path, StringComparer.Ordinal).Select(OfFile).OfType<DriftEntry>(),
        .. keys.Where(k => k.Change is KeyChange.Damaged).Select(k => new DriftEntry(DriftKind.Key, k.Path, $"key {k.Path} is missing, or others than root may read it")),
        .. host.Namespaces.OrderBy(d => d.Subject, StringComparer.Ordinal),
        .. host.Misplaced.Order(StringComparer.Ordinal).Select(u => new DriftEntry(DriftKind.Unit, u, $"{u} is confined and runs on the host's network")),
        .. applied.Namespaces.SelectMany(n => n.Published).Where(host.DownPublished.Contains).Distinct().Order(StringComparer.Ordinal)
            .Select(p => new DriftEntry(DriftKind.Published, p, $"{p} is down, so nothing listens for that published port")),
        .. host.Unwatched.Order(StringComparer.Ordinal).Select(n => new DriftEntry(DriftKind.Watcher, n, $"the watcher of namespace {n} does not run")),
    ];

    private static IEnumerable<DriftEntry> CutShort(Manifest applied) =>
        !applied.IsWhole
            ? [new DriftEntry(DriftKind.CutShort, StateLayout.Manifest, "an earlier 'apply' or 'remove' was cut short, or is still under way")]
            : [];

    private static DriftEntry? OfFile(PlannedWrite write)
    {
        var path = write.File.Path;
        return write.Change switch
        {
            FileChange.New or FileChange.Changed or FileChange.CutShort => null,
            FileChange.Edited => new DriftEntry(DriftKind.File, path, $"{path} was changed since it was applied"),
            FileChange.Missing => new DriftEntry(DriftKind.File, path, $"{path} is missing"),
            FileChange.Unrecorded => new DriftEntry(DriftKind.File, path, $"{path} is there, and not known as applied"),
            _ => throw new InvalidOperationException("a file change of an unknown kind"),
        };
    }
}
