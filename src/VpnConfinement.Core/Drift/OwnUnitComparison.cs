using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Drift;

/// <summary>
/// What others make of start gates and watchers by drop-ins and unit files that changes what those run or see, or
/// whether they do: one that runs something else, or nothing, lets everything pass. What else a drop-in sets is its
/// author's right, and so is what one adds to the units of a namespace and a tunnel, which these two look after.
/// </summary>
internal static class OwnUnitComparison
{
    internal const string DropIns = "DropInPaths";
    private const string Fragment = "FragmentPath";

    // What keeps one from running again, or from seeing processes; systemd 252 has only the first.
    private static readonly (string Property, string[] Values, string Effect)[] Undone =
    [
        ("RemainAfterExit", ["yes"], "so it does not run each time that it should"),
        ("ProtectControlGroupsEx", ["private", "strict"], "so it sees no process of a service"),
        ("PrivatePIDs", ["yes"], "so it sees no process of a service"),
    ];

    private static readonly (string Section, string Key)[] Commands =
    [
        .. UnitCommand.Keys.Concat(["Type", "SuccessExitStatus"]).Concat(MountSettings.Roots)
            .Select(k => ("Service", k)),
    ];

    // systemd takes a unit whose condition fails for one that did what it had to.
    private static readonly string[] Conditions = ["Condition", "Assert"];

    /// <summary>The properties to ask systemd for.</summary>
    internal static IReadOnlyList<string> Properties { get; } = [DropIns, Fragment, .. Undone.Select(u => u.Property)];

    /// <summary>The differences, each as a sentence without its end.</summary>
    internal static IEnumerable<Observation<string>> Of(OwnUnit unit) =>
    [
        .. OfFile(unit).Concat(OfProperties(unit)).Select(difference => new Observation<string>.Known(difference)),
        .. unit.DropIns.Select(OfDropIn).OfType<Observation<string>>(),
    ];

    // An instance's own file counts before the template.
    private static IEnumerable<string> OfFile(OwnUnit unit)
    {
        var template = $"{StateLayout.UnitFolder}/{UnitName.TemplateOf(unit.Name)}";
        return unit.Loaded.GetValueOrDefault(Fragment) is { Length: > 0 } file && file != template
            ? [$"it is read from {file} and not from {template}"]
            : [];
    }

    private static IEnumerable<string> OfProperties(OwnUnit unit) =>
        from undone in Undone
        let value = unit.Loaded.GetValueOrDefault(undone.Property)
        where undone.Values.Contains(value, StringComparer.Ordinal)
        select $"{undone.Property} is '{value}', {undone.Effect}";

    private static Observation<string>? OfDropIn(SeenItem<SourceText?> dropIn) => dropIn.Seen switch
    {
        Observation<SourceText?>.Known { Value: null } =>
            new Observation<string>.Known($"the drop-in {dropIn.Name} is loaded and is gone"),
        Observation<SourceText?>.Known { Value: { } text } => FirstKey(UnitSettings.Read([text])) is { } key
            ? new Observation<string>.Known($"the drop-in {dropIn.Name} sets {key}=")
            : null,
        Observation<SourceText?>.Unknown unknown => new Observation<string>.Unknown(unknown.Reason),
        _ => throw new InvalidOperationException("an observation of an unknown kind"),
    };

    private static string? FirstKey(UnitSettings dropIn) =>
        Commands.Where(c => dropIn.Mentions(c.Section, c.Key)).Select(c => c.Key).FirstOrDefault()
        ?? dropIn.Set("Unit").Order(StringComparer.Ordinal)
            .FirstOrDefault(k => Conditions.Any(c => k.StartsWith(c, StringComparison.Ordinal)));
}
