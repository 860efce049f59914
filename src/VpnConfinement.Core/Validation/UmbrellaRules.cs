using VpnConfinement.Config;
using VpnConfinement.Model;
using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>
/// VPC089: a unit that only gathers others, as Debian's tor.service and postgresql.service do. Confined, it would be
/// ticked while the units that do the work stay on the host's network.
/// </summary>
public static class UmbrellaRules
{
    private static readonly string[] DoNothing = ["true", ":"];

    // systemd.unit(5): what a unit that belongs to another one says of it.
    private static readonly string[] Belonging = ["PartOf", "BindsTo", "ReloadPropagatedFrom"];

    /// <summary>Whether the host's other services have to be looked at, because one of these runs nothing itself.</summary>
    public static bool Matters(IEnumerable<UnitFact> units) => units.OfType<UnitFact.Present>()
        .Any(u => !UnitName.IsSocketName(u.RealName) && IsUmbrella(UnitSettings.Read(u.Texts)));

    internal static void Check(ServiceUnit service, HostFacts facts)
    {
        if (!IsUmbrella(service.Settings))
        {
            return;
        }

        var workers = Workers(service.RealName, facts);
        var work = workers.Count == 0 ? "its work is done by another unit" : $"its work is done by {string.Join(", ", workers)}";
        service.Error(
            "VPC089",
            $"{service.Unit} runs nothing itself: {work}, on the host's network.",
            workers.Count == 0
                ? $"Confine the unit that does the work in its place; 'systemctl list-dependencies {service.Unit}' lists some."
                : $"Write {string.Join(" and ", workers.Select(Table))} in its place.");
    }

    // A unit with nothing to start is a oneshot one, as systemd.service(5) has it (Type=).
    private static bool IsUmbrella(UnitSettings settings)
    {
        var commands = UnitCommand.All(settings, "ExecStart").ToList();
        return (settings.Last("Service", "Type") ?? (commands.Count == 0 ? "oneshot" : "simple")) == "oneshot"
            && commands.Concat(UnitCommand.All(settings, "ExecStartPre")).Concat(UnitCommand.All(settings, "ExecStartPost"))
                .SelectMany(RunPrograms.Of).All(IsNothing);
    }

    private static bool IsNothing(IReadOnlyList<string> words) =>
        DoNothing.Contains(RunPrograms.Name(words[0]), StringComparer.Ordinal)
        || (words is [_, "-c", var text] && DoNothing.Contains(text.Trim(), StringComparer.Ordinal));

    private static List<string> Workers(string umbrella, HostFacts facts) =>
    [
        .. from unit in facts.Units.OrderBy(u => u.Key, StringComparer.Ordinal)
           where unit.Key.EndsWith(".service", StringComparison.Ordinal) && unit.Key != umbrella
           let present = unit.Value as UnitFact.Present
           where present is not null && present.RealName == unit.Key && !OwnHeader.IsIn(present.Texts[0].Content)
           let settings = UnitSettings.Read(present.Texts)
           where Belonging.Any(k => settings.UnitList("Unit", k).Any(w => UnitSpecifiers.Expand(w, unit.Key) == umbrella))
              && !IsUmbrella(settings)
           select unit.Key,
    ];

    private static string Table(string unit) => $"[services.{TomlKey.Of(unit[..^".service".Length])}.vpn]";
}
