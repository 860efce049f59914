using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Apply;

/// <summary>
/// What others make of start gates and watchers by drop-ins and unit files that changes what those run or see, or
/// whether they do: one that runs something else, or nothing, lets everything pass. What else a drop-in sets is its
/// author's right, and so is what one adds to the units of a namespace and a tunnel, which these two look after.
/// </summary>
internal static class OwnDropIns
{
    private const string DropIns = "DropInPaths";
    private const string Fragment = "FragmentPath";

    // What keeps one from running again, or from seeing processes; systemd 252 has only the first.
    private static readonly (string Property, string[] Values, string Effect)[] Undone =
    [
        ("RemainAfterExit", ["yes"], "so it does not run each time that it should"),
        ("ProtectControlGroupsEx", ["private", "strict"], "so it sees no process of a service"),
        ("PrivatePIDs", ["yes"], "so it sees no process of a service"),
    ];

    private static readonly (string Section, string Key)[] Commands =
        [.. UnitCommand.Keys.Concat(["Type", "SuccessExitStatus"]).Concat(MountSettings.Roots).Select(k => ("Service", k))];

    // systemd takes a unit whose condition fails for one that did what it had to.
    private static readonly string[] Conditions = ["Condition", "Assert"];

    /// <summary>The properties of <see cref="UnitSnapshot"/> that are asked for.</summary>
    internal static IReadOnlyList<string> Properties { get; } = [DropIns, Fragment, .. Undone.Select(u => u.Property)];

    /// <summary>
    /// The gates of a namespace's units, and its watcher. Instances of a template have gates of their own, which are
    /// not looked at.
    /// </summary>
    internal static IEnumerable<string> Units(ManifestNamespace ns) =>
        ns.Units.Where(u => !UnitName.IsTemplateName(u.Name)).Select(u => StateLayout.GateUnit(ns.Name, u.Name))
            .Append(StateLayout.WatchUnit(ns.Name));

    /// <summary>Those with such a drop-in loaded, or that systemd reads from another file, and what it does.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="shown">What systemd has loaded.</param>
    /// <exception cref="SystemFailure">A drop-in cannot be read.</exception>
    internal static IEnumerable<(string Unit, string Difference)> Find(ManifestNamespace ns, UnitSnapshot shown)
    {
        foreach (var unit in Units(ns))
        {
            // An instance's own file counts before the template.
            var template = $"{StateLayout.UnitFolder}/{UnitName.TemplateOf(unit)}";
            if (shown.Of(unit, Fragment) is { Length: > 0 } file && file != template)
            {
                yield return (unit, $"it is read from {file} and not from {template}");
            }

            foreach (var (property, values, effect) in Undone)
            {
                if (shown.Of(unit, property) is { } value && values.Contains(value, StringComparer.Ordinal))
                {
                    yield return (unit, $"{property} is '{value}', {effect}");
                }
            }

            foreach (var path in UnitWords.Split(shown.Of(unit, DropIns) ?? ""))
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
