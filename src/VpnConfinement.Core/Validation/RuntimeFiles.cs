using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>
/// Programs that make code while they run and are called like any other: what lies beside them shows it. So are Sonarr,
/// Radarr, Lidarr, Prowlarr, Jackett and Jellyfin packaged, each a host of .NET under its own name.
/// </summary>
public static class RuntimeFiles
{
    /// <summary>The programs of some units that are such.</summary>
    /// <param name="units">The units.</param>
    /// <param name="exists">Whether there is a file at a path of the host.</param>
    public static IReadOnlySet<string> Hosts(IEnumerable<UnitFact> units, Func<string, bool> exists)
    {
        ArgumentNullException.ThrowIfNull(units);
        var programs =
            from unit in units.OfType<UnitFact.Present>()
            let settings = UnitSettings.Read(unit.Texts)
            from command in UnitCommand.All(settings, "ExecStart").SelectMany(RunPrograms.Of)
            where command[0].StartsWith('/')
            select command[0];
        return programs.Distinct().Where(p => Beside(p).Any(exists)).ToHashSet(StringComparer.Ordinal);
    }

    // .NET: NAME.dll or NAME.runtimeconfig.json beside NAME, or its own copy of the runtime. Electron: its application's archive.
    private static IEnumerable<string> Beside(string program)
    {
        var folder = program[..program.LastIndexOf('/')];
        return [$"{program}.dll", $"{program}.runtimeconfig.json", $"{folder}/libcoreclr.so", $"{folder}/resources/app.asar"];
    }
}
