using VpnConfinement.Compile.Systemd;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Linux.Facts;

/// <summary>Looks up what the validator needs to know, below a root folder, so that checking needs neither privileges nor a running systemd.</summary>
/// <param name="root">Root folder; <c>/</c> for this host.</param>
public sealed class HostFactsReader(string root)
{
    private const UnixFileMode OthersRead = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly UnitFiles _units = new(root, ServiceDropIn.FileName);

    /// <summary>Looks everything up. What cannot be read is said so in the fact, never left out.</summary>
    public HostFacts Read(FactRequests requests)
    {
        var files = new Dictionary<string, FileFact>(StringComparer.Ordinal);
        foreach (var path in requests.KeyFiles)
        {
            files[path] = Look(path, readText: false);
        }

        foreach (var path in requests.TextFiles)
        {
            files[path] = Look(path, readText: true);
        }

        var facts = new HostFacts { Files = files, Units = new Dictionary<string, UnitFact>() };
        return requests.Units.Count == 0 ? facts : WithUnits(facts, requests);
    }

    // A folder that cannot be listed makes every unit unreadable, and none fine.
    private HostFacts WithUnits(HostFacts facts, FactRequests requests)
    {
        try
        {
            var installed = _units.Names.Where(IsServiceOrSocket).Order(StringComparer.Ordinal).ToList();
            var units = requests.Units.Concat(installed.Where(UnitName.IsSocketName)).Distinct().ToDictionary(u => u, LookAtUnit, StringComparer.Ordinal);
            if (SharedUser.Matters(units.Values))
            {
                foreach (var unit in installed.Where(u => !units.ContainsKey(u)))
                {
                    units[unit] = LookAtUnit(unit);
                }
            }

            return facts with
            {
                Units = units,
                Installed = installed,
                UserUnits = new UserUnits(root).Find([.. requests.Units.Where(u => units[u] is UnitFact.Missing)]),
                Aliases = _units.Aliases,
                Systemd = requests.Systemd && Path.GetFullPath(root) == "/" ? SystemdFactReader.Read() : null,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return facts with { Units = requests.Units.Distinct().ToDictionary(u => u, _ => (UnitFact)new UnitFact.Unreadable(e.Message), StringComparer.Ordinal) };
        }
    }

    private FileFact Look(string path, bool readText)
    {
        var real = Below(path);
        try
        {
            if (Directory.Exists(real))
            {
                return new FileFact.Unreadable("it is a folder");
            }

            if (!File.Exists(real))
            {
                return new FileFact.Missing();
            }

            var mode = File.GetUnixFileMode(real);
            return new FileFact.Present((mode & OthersRead) != 0, readText ? TextFile.Read(real, path) : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FileFact.Unreadable(e.Message);
        }
    }

    private UnitFact LookAtUnit(string unit)
    {
        try
        {
            return _units.Find(unit) switch
            {
                null => new UnitFact.Missing(),
                [] => new UnitFact.Masked(),
                var texts => new UnitFact.Present(_units.Aliases.RealName(unit), texts),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new UnitFact.Unreadable(e.Message);
        }
    }

    private static bool IsServiceOrSocket(string name) => UnitName.IsSocketName(name) || name.EndsWith(".service", StringComparison.Ordinal);

    private string Below(string path) => Path.Combine(root, path.TrimStart('/'));
}
