using VpnConfinement.Compile.Systemd;
using VpnConfinement.Linux.Systemd;
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

        return new HostFacts { Files = files, Units = requests.Units.Distinct().ToDictionary(u => u, LookAtUnit, StringComparer.Ordinal) };
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
            return _units.Find(unit) is { } texts ? new UnitFact.Present(_units.RealName(unit), texts) : new UnitFact.Missing();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new UnitFact.Unreadable(e.Message);
        }
    }

    private string Below(string path) => Path.Combine(root, path.TrimStart('/'));
}
