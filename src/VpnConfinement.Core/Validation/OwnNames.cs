using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>The names that a service's own folders have by custom: of its unit, its user and its programs.</summary>
public static class OwnNames
{
    /// <summary>The folders in /etc that services may have as their own, by these names.</summary>
    public static IEnumerable<string> FoldersInEtc(IEnumerable<UnitFact> units) => units.OfType<UnitFact.Present>()
        .SelectMany(u => Of(u.RealName, UnitSettings.Read(u.Texts))).Where(n => n is not ("." or "..")).Select(n => "/etc/" + n).Distinct();

    internal static IEnumerable<string> Of(ServiceUnit service) => Of(service.RealName, service.Settings);

    private static IEnumerable<string> Of(string unit, UnitSettings settings)
    {
        yield return unit[..unit.LastIndexOf('.')].Split('@')[0];
        if (settings.Last("Service", "User") is { } user && UnitSpecifiers.Expand(user, unit) is { Length: > 0 } name
            && !name.Contains('/', StringComparison.Ordinal))
        {
            yield return name;
        }

        foreach (var program in UnitCommand.All(settings, "ExecStart").SelectMany(RunPrograms.Of))
        {
            yield return RunPrograms.Name(program[0]);
        }
    }
}
