using VpnConfinement.Drift;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Linux.Doctor;

/// <summary>The instances of <c>wg-quick@.service</c> that start at boot, or are up.</summary>
internal static class WgQuickUnits
{
    private const string Start = "wg-quick@";

    internal static Observation<IReadOnlyList<string>> Find(Observation<IReadOnlyCollection<string>> running) =>
        running switch
        {
            Observation<IReadOnlyCollection<string>>.Known { Value: var up } => Look.At<IReadOnlyList<string>>(() =>
                [.. up.Where(IsInstance).Concat(Enabled()).Distinct().Order(StringComparer.Ordinal)]),
            Observation<IReadOnlyCollection<string>>.Unknown { Reason: var reason } =>
                new Observation<IReadOnlyList<string>>.Unknown(reason),
            Observation<IReadOnlyCollection<string>>.Unproven { Reason: var reason } =>
                new Observation<IReadOnlyList<string>>.Unknown(reason),
            _ => throw new InvalidOperationException("an observation of an unknown kind"),
        };

    // A unit that starts at boot is a link in a folder TARGET.wants (systemd.unit(5)).
    private static IEnumerable<string> Enabled() =>
        from place in UnitFolders.SearchPath.Select(p => "/" + p).Where(Directory.Exists)
        from folder in Directory.EnumerateDirectories(place, "*.wants")
        from file in Directory.EnumerateFileSystemEntries(folder, Start + "*")
        let name = Path.GetFileName(file)
        where IsInstance(name)
        select name;

    private static bool IsInstance(string unit) =>
        unit.StartsWith(Start, StringComparison.Ordinal) && unit.EndsWith(".service", StringComparison.Ordinal)
        && unit.Length > Start.Length + ".service".Length;
}
