using VpnConfinement.Compile.Systemd;
using VpnConfinement.Linux.Files;
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

    private static readonly string[] UserFolders =
        ["/etc/systemd/user", "/run/systemd/user", "/usr/local/lib/systemd/user", "/usr/local/share/systemd/user", "/usr/lib/systemd/user", "/usr/share/systemd/user", "/lib/systemd/user"];

    private readonly UnitFiles _units = new(root, ServiceDropIn.FileName);

    /// <summary>Looks everything up. What cannot be read is said so in the fact, never left out.</summary>
    public HostFacts Read(FactRequests requests)
    {
        var files = new Dictionary<string, FileFact>(StringComparer.Ordinal);
        foreach (var path in requests.KeyFiles)
        {
            files[path] = LookAtKey(path);
        }

        foreach (var path in requests.TextFiles)
        {
            files[path] = ReadText(path);
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
                UserUnits = UserUnits(),
                Aliases = _units.Aliases,
                Systemd = requests.Systemd && Path.GetFullPath(root) == "/" ? SystemdFactReader.Read() : null,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return facts with { Units = requests.Units.Distinct().ToDictionary(u => u, _ => (UnitFact)new UnitFact.Unreadable(e.Message), StringComparer.Ordinal) };
        }
    }

    private HashSet<string> UserUnits() =>
    [
        .. UserFolders.Select(Below).Where(Directory.Exists).SelectMany(f => Directory.EnumerateFileSystemEntries(f)).Select(f => Path.GetFileName(f)).Where(IsServiceOrSocket),
    ];

    // It is not read, so that whoever may not read keys can check a configuration.
    private FileFact LookAtKey(string path)
    {
        try
        {
            return new FileFact.Present((RegularFile.ModeOf(Below(path)) & OthersRead) != 0, null);
        }
        catch (UnauthorizedAccessException)
        {
            return new FileFact.Missing();
        }
        catch (IOException e)
        {
            return NotRead(path, e);
        }
    }

    private FileFact ReadText(string path)
    {
        try
        {
            using var file = RegularFile.Open(Below(path));
            return new FileFact.Present(file.OthersCanRead, TextFile.Read(file, path));
        }
        catch (UnauthorizedAccessException)
        {
            return new FileFact.Unreadable("you may not read it");
        }
        catch (IOException e)
        {
            return NotRead(path, e);
        }
    }

    private FileFact NotRead(string path, IOException e) => e switch
    {
        FileNotFoundException => new FileFact.Missing(new FileInfo(Below(path)).LinkTarget),
        UnreadableFileException unreadable => new FileFact.Unreadable(unreadable.Reason),
        _ => new FileFact.Unreadable(e.Message),
    };

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
