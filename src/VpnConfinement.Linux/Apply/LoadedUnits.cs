using VpnConfinement.Compile;
using VpnConfinement.Compile.Systemd;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Apply;

/// <summary>Looks at what systemd has loaded of confined units and of ours.</summary>
/// <param name="systemctl">The running systemd.</param>
internal sealed class LoadedUnits(Systemctl systemctl)
{
    /// <summary>Checks every confined unit, every forwarder, every start gate and watcher.</summary>
    /// <exception cref="SystemFailure">
    /// One of them would run outside its namespace, or without what it has to be bound to.
    /// </exception>
    internal void Check(CompiledTree tree)
    {
        foreach (var entry in Drift(tree))
        {
            throw new SystemFailure(entry.Text, entry.Remedy ?? "run 'vpn-confinement apply'");
        }
    }

    /// <summary>What of them systemd has loaded otherwise than it was compiled.</summary>
    internal IReadOnlyList<DriftEntry> Drift(CompiledTree tree)
    {
        var shown = UnitSnapshot.Take(
            systemctl,
            tree.Namespaces.SelectMany(n => n.Units.Select(u => u.Name)
                .Concat(n.Published.Select(StateLayout.ForwarderOf)).Concat(OwnUnitsOf(n))),
            ["LoadState", .. PartList.OwnUnitProperties, .. PartList.UnitProperties]);
        return PartList.Compare(new HostState
        {
            Units = [.. tree.Namespaces.SelectMany(ns => Confined(tree, ns, shown).Concat(Forwarders(ns, shown)))],
            OwnUnits = [.. tree.Namespaces.SelectMany(ns => OwnUnits(ns, shown))],
        });
    }

    /// <summary>
    /// The gates of a namespace's units, and its watcher. Instances of a template have gates of their own, which are
    /// not looked at.
    /// </summary>
    internal static IEnumerable<string> OwnUnitsOf(ManifestNamespace ns) =>
        ns.Units.Where(u => !UnitName.IsTemplateName(u.Name)).Select(u => StateLayout.GateUnit(ns.Name, u.Name))
            .Append(StateLayout.WatchUnit(ns.Name));

    /// <summary>Those as systemd has them loaded.</summary>
    internal static IEnumerable<OwnUnit> OwnUnits(ManifestNamespace ns, UnitSnapshot shown) =>
        from unit in OwnUnitsOf(ns)
        let loaded = shown.Of(unit)
        select new OwnUnit(
            unit,
            loaded,
            [
                .. UnitWords.Split(loaded.GetValueOrDefault(PartList.DropInProperty) ?? "").Select(path =>
                    new SeenItem<SourceText?>(
                        path, Look.At(() => StateFile.Read(path) is { } text ? new SourceText(path, text) : null))),
            ]);

    // By the drop-in as it was compiled: what lies in its place is compared with the files.
    private static IEnumerable<LoadedUnit> Confined(CompiledTree tree, ManifestNamespace ns, UnitSnapshot shown)
    {
        var files = new UnitFiles("/");
        foreach (var unit in ns.Units.Select(u => u.Name))
        {
            var path = ServiceDropIn.PathOf(unit);
            var dropIn = UnitSettings.Read([new(path, tree.Files.First(f => f.Path == path).Content)]);
            foreach (var name in UnitName.IsTemplateName(unit) ? files.InstancesWithFiles(unit) : [unit])
            {
                if (shown.Of(name, "LoadState") is "loaded")
                {
                    yield return new LoadedUnit
                    {
                        Name = name,
                        Namespace = ns.Name,
                        DropIn = dropIn,
                        Loaded = shown.Of(name),
                    };
                }
            }
        }
    }

    private static IEnumerable<LoadedUnit> Forwarders(ManifestNamespace ns, UnitSnapshot shown) =>
        ns.Published.Select(StateLayout.ForwarderOf).Select(unit => new LoadedUnit
        {
            Name = unit,
            Namespace = ns.Name,
            IsForwarder = true,
            Loaded = shown.Of(unit),
        });
}
