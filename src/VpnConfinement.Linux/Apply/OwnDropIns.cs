using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Apply;

/// <summary>
/// Drop-ins of others on start gates that change what those run, or whether they do: one that runs something else, or nothing, lets everything pass. What else
/// a drop-in sets is its author's right, and so is what one adds to the units of a namespace and a tunnel, which the gate and the watcher look after.
/// </summary>
internal static class OwnDropIns
{
    /// <summary>The property of <see cref="UnitSnapshot"/> that is asked for.</summary>
    internal const string Property = "DropInPaths";

    private static readonly (string Section, string Key)[] Commands =
        [.. UnitCommand.Keys.Concat(["Type", "SuccessExitStatus"]).Concat(MountSettings.Roots).Select(k => ("Service", k))];

    // systemd takes a unit whose condition fails for one that did what it had to.
    private static readonly string[] Conditions = ["Condition", "Assert"];

    /// <summary>The gates of a namespace's units. Instances of a template have gates of their own, which are not looked at.</summary>
    internal static IEnumerable<string> Units(ManifestNamespace ns) => ns.Units.Where(u => !UnitName.IsTemplateName(u.Name)).Select(u => StateLayout.GateUnit(ns.Name, u.Name));

    /// <summary>Those with such a drop-in loaded, and what it does.</summary>
    /// <exception cref="SystemFailure">A drop-in cannot be read.</exception>
    internal static IEnumerable<(string Unit, string Difference)> Find(ManifestNamespace ns, UnitSnapshot shown)
    {
        foreach (var unit in Units(ns))
        {
            foreach (var path in UnitWords.Split(shown.Of(unit, Property) ?? ""))
            {
                if (StateFile.Read(path) is not { } text)
                {
                    yield return (unit, $"the drop-in {path} is loaded and is gone");
                }
                else if (FirstKey(UnitSettings.Read([new SourceText(path, text)])) is { } key)
                {
                    yield return (unit, $"the drop-in {path} sets {key}=");
                }
            }
        }
    }

    private static string? FirstKey(UnitSettings dropIn) =>
        Commands.Where(c => dropIn.Mentions(c.Section, c.Key)).Select(c => c.Key).FirstOrDefault()
        ?? dropIn.Set("Unit").Order(StringComparer.Ordinal).FirstOrDefault(k => Conditions.Any(c => k.StartsWith(c, StringComparison.Ordinal)));
}
