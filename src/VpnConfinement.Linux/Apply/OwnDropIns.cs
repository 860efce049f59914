using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Apply;

/// <summary>
/// Drop-ins of others on units of ours that change what those run, or whether they do: a start gate that runs something else, or nothing, lets everything
/// pass. What else a drop-in sets is its author's right.
/// </summary>
internal static class OwnDropIns
{
    /// <summary>The property of <see cref="UnitSnapshot"/> that is asked for.</summary>
    internal const string Property = "DropInPaths";

    private static readonly (string Section, string Key)[] Commands =
        [.. UnitCommand.Keys.Select(k => ("Service", k)), ("Service", "Type"), ("Service", "SuccessExitStatus"), ("Service", "RootDirectory"), ("Service", "RootImage")];

    // systemd takes a unit whose condition fails for one that did what it had to.
    private static readonly string[] Conditions = ["Condition", "Assert"];

    /// <summary>The units of a namespace that are looked at: what makes it and its tunnel, and the gates of its units. Instances of a template have gates of their own.</summary>
    internal static IEnumerable<string> Units(ManifestNamespace ns) =>
        [StateLayout.NetnsUnit(ns.Name), StateLayout.PinUnit(ns.Name), StateLayout.WireGuardUnit(ns.Interface), .. Gates(ns)];

    /// <summary>Those with such a drop-in loaded, and what it does.</summary>
    /// <exception cref="SystemFailure">A drop-in cannot be read.</exception>
    internal static IEnumerable<(string Unit, string Difference)> Find(ManifestNamespace ns, UnitSnapshot shown)
    {
        var gates = Gates(ns).ToHashSet(StringComparer.Ordinal);
        foreach (var unit in Units(ns))
        {
            foreach (var path in UnitWords.Split(shown.Of(unit, Property) ?? ""))
            {
                if (StateFile.Read(path) is not { } text)
                {
                    yield return (unit, $"the drop-in {path} is loaded and is gone");
                }
                else if (FirstKey(UnitSettings.Read([new SourceText(path, text)]), gates.Contains(unit)) is { } key)
                {
                    yield return (unit, $"the drop-in {path} sets {key}=");
                }
            }
        }
    }

    private static IEnumerable<string> Gates(ManifestNamespace ns) => ns.Units.Where(u => !UnitName.IsTemplateName(u.Name)).Select(u => StateLayout.GateUnit(ns.Name, u.Name));

    private static string? FirstKey(UnitSettings dropIn, bool isGate) =>
        Commands.Where(c => dropIn.Mentions(c.Section, c.Key)).Select(c => c.Key).FirstOrDefault()
        ?? (isGate ? dropIn.Set("Unit").Order(StringComparer.Ordinal).FirstOrDefault(k => Conditions.Any(c => k.StartsWith(c, StringComparison.Ordinal))) : null);
}
