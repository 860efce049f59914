using VpnConfinement.Compile;
using VpnConfinement.Compile.Systemd;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>Compares what systemd has loaded with what was written, for everything that was compiled, and what others add to units of ours.</summary>
/// <param name="systemctl">The running systemd.</param>
internal sealed class LoadedUnits(Systemctl systemctl)
{
    /// <summary>Checks every confined unit and every forwarder.</summary>
    /// <exception cref="SystemFailure">One of them would run outside its namespace, or without what it has to be bound to.</exception>
    internal void Check(CompiledTree tree)
    {
        foreach (var (unit, difference) in Differences(tree))
        {
            throw tree.Namespaces.SelectMany(OwnDropIns.Units).Contains(unit)
                ? new SystemFailure($"{unit}, a unit of ours, does not do what it was made for: {difference}", "take that out, then run 'vpn-confinement apply'")
                : NotTaken(unit, difference);
        }
    }

    /// <summary>What of every confined unit and every forwarder systemd has loaded otherwise than it was compiled.</summary>
    internal IEnumerable<(string Unit, string Difference)> Differences(CompiledTree tree)
    {
        var files = new UnitFiles("/");
        var shown = UnitSnapshot.Take(
            systemctl, tree.Namespaces.SelectMany(n => n.Units.Select(u => u.Name).Concat(n.Published.Select(StateLayout.ForwarderOf)).Concat(OwnDropIns.Units(n))),
            ["LoadState", .. OwnDropIns.Properties, .. LoadedAttachment.Properties]);
        var dropIns = tree.Files.ToDictionary(f => f.Path, f => f.Content, StringComparer.Ordinal);
        foreach (var ns in tree.Namespaces)
        {
            foreach (var unit in ns.Units.Select(u => u.Name))
            {
                var dropIn = UnitSettings.Read([new(ServiceDropIn.PathOf(unit), dropIns[ServiceDropIn.PathOf(unit)])]);
                foreach (var name in UnitName.IsTemplateName(unit) ? files.InstancesWithFiles(unit) : [unit])
                {
                    if (shown.Of(name, "LoadState") is "loaded" && LoadedAttachment.Difference(name, dropIn, shown.Of(name)) is { } difference)
                    {
                        yield return (name, difference);
                    }
                }
            }

            foreach (var own in OwnDropIns.Find(ns, shown))
            {
                yield return own;
            }

            foreach (var forwarder in ns.Published.Select(StateLayout.ForwarderOf))
            {
                if ((Lacking(forwarder, shown, "NetworkNamespacePath", StateLayout.Netns(ns.Name)) ?? Lacking(forwarder, shown, "BindsTo", StateLayout.NetnsUnit(ns.Name))) is { } lacking)
                {
                    yield return (forwarder, lacking);
                }
            }
        }
    }

    /// <summary>The failure of a unit whose confinement systemd has not as it was applied.</summary>
    internal static SystemFailure NotTaken(string unit, string difference) => new(
        $"systemd did not take the confinement of {unit}: {difference}",
        $"run 'vpn-confinement apply'; if that refuses, take the line that undoes it out ('systemctl cat {unit}' shows which drop-in has it) and run it again");

    private static string? Lacking(string unit, UnitSnapshot shown, string property, string value)
    {
        var found = shown.Of(unit, property) ?? "";
        return UnitWords.Split(found).Contains(value) ? null : $"{property} is '{found}' and lacks '{value}'";
    }
}
