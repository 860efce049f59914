using VpnConfinement.Compile;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>What <c>apply</c> sees of the host before it decides. Changes nothing.</summary>
/// <param name="systemctl">The running systemd.</param>
internal sealed class HostLook(Systemctl systemctl)
{
    /// <summary>Looks.</summary>
    /// <param name="applied">What was applied last.</param>
    /// <param name="tree">What is to be.</param>
    /// <exception cref="SystemFailure">The host cannot be read.</exception>
    internal HostObservation At(Manifest applied, CompiledTree tree) => new HostObservation
    {
        HashOnDisk = OwnFiles.Hash,
        ChangedKeys = tree.Keys.Where(k => applied.ChangingKeys.Contains(k.Path) || !KeyCopies.IsInPlace(k))
            .Select(k => k.Path).ToHashSet(StringComparer.Ordinal),
        DamagedKeys = tree.Keys.Select(k => k.Path).Where(k => !KeyCopies.IsPrivate(k))
            .ToHashSet(StringComparer.Ordinal),
        LeftOvers = LeftOverFiles.Find(applied),
        DamagedGenerations = KeptDamage.Find(applied),
        Applied = ns => AppliedAs(applied, ns),
        Namespaces = [.. RuntimeDamage.Of(applied.Namespaces), .. Unmarked(applied)],
        Misplaced = Misplaced(applied),
        DownPublished = systemctl.DownAmong([.. tree.Namespaces.SelectMany(n => n.Published)]),
        Unwatched = Unwatched(applied),
    };

    /// <summary>The processes of a unit that run on the host's network.</summary>
    /// <param name="groups">The control groups of units (<c>ControlGroup</c>).</param>
    /// <param name="unit">The unit.</param>
    internal static IReadOnlyList<int> OnHostNetwork(UnitSnapshot groups, string unit) =>
        [.. ControlGroup.Processes(groups.Of(unit, "ControlGroup") ?? "").Where(ProcessNetns.IsOurs)];

    // Running on the host's network although they were applied: started under a drop-in that undid ours, for one.
    private HashSet<string> Misplaced(Manifest applied)
    {
        var up = systemctl.UpUnits([.. applied.Namespaces.SelectMany(n => n.Units).Select(u => u.Name)]);
        var groups = UnitSnapshot.Take(systemctl, up, "ControlGroup");
        return up.Where(u => OnHostNetwork(groups, u).Count > 0).ToHashSet(StringComparer.Ordinal);
    }

    private static NamespacePlan? AppliedAs(Manifest applied, string ns)
    {
        string[] paths = [StateLayout.Plan(ns), StateLayout.Ruleset(ns)];
        try
        {
            bool IsAsApplied(string path) =>
                applied.Files.Any(f => f.Path == path && f.Sha256 == OwnFiles.Hash(path));
            return paths.All(IsAsApplied) ? PlanStore.Load(ns).Plan : null;
        }
        catch (SystemFailure)
        {
            // Damaged, which is found elsewhere; nothing is changed on a guess.
            return null;
        }
    }

    // Up, as far as systemd knows, and without what the netns is known by: nothing would start in it.
    private IEnumerable<DriftEntry> Unmarked(Manifest applied)
    {
        var names = applied.Namespaces.Select(n => n.Name).ToList();
        var units = UnitSnapshot.Take(systemctl, names.Select(StateLayout.NetnsUnit), "ActiveState");
        return
            from ns in names
            where units.Of(StateLayout.NetnsUnit(ns), "ActiveState") is "active"
                && !File.Exists(StateLayout.NetnsMarker(ns))
            select new DriftEntry(
                DriftKind.Namespace,
                ns,
                $"namespace {ns} is up, and what it is known by ({StateLayout.NetnsMarker(ns)}) is gone")
            {
                Part = PartList.Netns,
            };
    }

    private HashSet<string> Unwatched(Manifest applied)
    {
        var up = applied.Namespaces.Select(n => n.Name)
            .Where(n => File.Exists(StateLayout.NetnsMarker(n))).ToList();
        var down = systemctl.DownAmong([.. up.Select(StateLayout.WatchUnit)]);
        return up.Where(n => down.Contains(StateLayout.WatchUnit(n))).ToHashSet(StringComparer.Ordinal);
    }
}
