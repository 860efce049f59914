using VpnConfinement.Compile.Systemd;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>
/// Compares what systemd has loaded with what was written. systemd accepts a mistyped key and starts the unit unconfined: what it has loaded is
/// what counts.
/// </summary>
/// <param name="systemctl">The running systemd.</param>
internal sealed class LoadedUnits(Systemctl systemctl)
{
    /// <summary>Checks every confined unit and every forwarder.</summary>
    /// <exception cref="SystemFailure">One of them would run outside its namespace, or without what it has to be bound to.</exception>
    internal void Check(IReadOnlyList<ManifestNamespace> namespaces)
    {
        var files = new UnitFiles("/", ServiceDropIn.FileName);
        var shown = UnitSnapshot.Take(
            systemctl, namespaces.SelectMany(n => n.Units.Select(u => u.Name).Concat(n.Published.Select(StateLayout.ForwarderOf))),
            "LoadState", "NetworkNamespacePath", "BindsTo", "Requires", "TemporaryFileSystem");
        foreach (var ns in namespaces)
        {
            foreach (var unit in ns.Units)
            {
                foreach (var name in UnitName.IsTemplateName(unit.Name) ? files.InstancesWithFiles(unit.Name) : [unit.Name])
                {
                    CheckConfined(ns, unit, name, shown.Of(name));
                }
            }

            foreach (var forwarder in ns.Published.Select(StateLayout.ForwarderOf))
            {
                var loaded = shown.Of(forwarder);
                Require(forwarder, loaded, "NetworkNamespacePath", StateLayout.Netns(ns.Name));
                Require(forwarder, loaded, "BindsTo", StateLayout.NetnsUnit(ns.Name));
            }
        }
    }

    private static void CheckConfined(ManifestNamespace ns, ManifestUnit unit, string name, IReadOnlyDictionary<string, string> loaded)
    {
        if (loaded.GetValueOrDefault("LoadState") is not "loaded")
        {
            return;
        }

        Require(name, loaded, "NetworkNamespacePath", StateLayout.Netns(ns.Name));
        if (unit.PrivateRun)
        {
            Require(name, loaded, "TemporaryFileSystem", ServiceDropIn.PrivateRunMount);
        }

        string[] bound = unit.OutlivesTunnel ? [StateLayout.NetnsUnit(ns.Name)] : [StateLayout.NetnsUnit(ns.Name), StateLayout.WireGuardUnit(ns.Interface)];
        foreach (var one in bound)
        {
            Require(name, loaded, "BindsTo", one);
            Require(name, loaded, "Requires", one);
        }
    }

    private static void Require(string unit, IReadOnlyDictionary<string, string> loaded, string property, string value)
    {
        var found = loaded.GetValueOrDefault(property) ?? "";
        if (!found.Split(' ').Contains(value))
        {
            throw new SystemFailure(
                $"systemd did not take the confinement of {unit}: {property} is '{found}' and lacks '{value}'",
                $"look for a drop-in that sorts after ours with 'systemctl cat {unit}' and take its {property} out");
        }
    }
}
