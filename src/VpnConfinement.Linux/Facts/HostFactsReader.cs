using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;
using VpnConfinement.Validation;

namespace VpnConfinement.Linux.Facts;

/// <summary>Looks up what the validator needs to know, below a root folder, so that checking needs neither privileges nor a running systemd.</summary>
/// <param name="root">Root folder; <c>/</c> for this host.</param>
public sealed class HostFactsReader(string root)
{
    private const UnixFileMode OthersRead = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const string MaxUserNamespaces = "/proc/sys/user/max_user_namespaces";

    private static readonly string[] ProgramFolders = ["/usr/sbin/", "/sbin/", "/usr/bin/"];

    private static readonly string[] TmpfilesPlaces = ["/etc/tmpfiles.d", "/run/tmpfiles.d", "/usr/lib/tmpfiles.d"];

    private readonly UnitFiles _units = new(root);
    private readonly RootFolder _root = new(root);

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
            files[path] = ReadText(path, named: true);
        }

        var facts = new HostFacts
        {
            Files = files,
            Units = new Dictionary<string, UnitFact>(),
            NetworkDaemons = NetworkDaemons(),
        };
        return requests.Units.Count == 0 ? facts : WithUnits(facts, requests);
    }

    private NetworkDaemonFacts NetworkDaemons() => new()
    {
        Foreign = [.. StateLayout.NetworkDaemonFiles.Where(IsForeign).Order(StringComparer.Ordinal)],
        Dhcpcd = HasProgram("dhcpcd") ? ReadText("/etc/dhcpcd.conf") : null,
        Connman = HasProgram("connmand") ? ReadText("/etc/connman/main.conf") : null,
    };

    // What cannot be told to be ours is left alone as well.
    private bool IsForeign(string path) => ReadText(path) switch
    {
        FileFact.Missing => false,
        FileFact.Present { Text.Content: var text } => !OwnHeader.IsIn(text),
        _ => true,
    };

    private bool HasProgram(string name) =>
        ProgramFolders.Any(folder => File.Exists(Below(folder + name)));

    // A folder that cannot be listed makes every unit unreadable, and none fine.
    private HostFacts WithUnits(HostFacts facts, FactRequests requests)
    {
        try
        {
            var installed = _units.Names.Where(IsServiceOrSocket).Order(StringComparer.Ordinal).ToList();
            var mounts = _units.Names.Where(IsMount).ToList();
            var units = requests.Units.Concat(installed.Where(UnitName.IsSocketName)).Concat(mounts).Distinct()
                .ToDictionary(u => u, LookAtUnit, StringComparer.Ordinal);
            var jitPrograms = RuntimeFiles.Hosts(units.Values, path => File.Exists(Below(path)));
            var users = Users();
            var shared = SharedUser.Matters(units.Values, users);
            if (shared || UmbrellaRules.Matters(units.Values))
            {
                foreach (var unit in installed.Where(u => !units.ContainsKey(u)))
                {
                    units[unit] = LookAtUnit(unit);
                }
            }

            var mountFiles = MountFiles();
            var read = facts with
            {
                Files = facts.Files.Concat(mountFiles.Where(f => !facts.Files.ContainsKey(f.Key))).ToDictionary(StringComparer.Ordinal),
                MountFiles = [.. mountFiles.Keys],
                Units = units,
                Installed = installed,
                UserUnits = new UserUnits(root)
                    .Find([.. requests.Units.Where(u => units[u] is UnitFact.Missing)], users.Homes),
                Aliases = _units.Aliases,
                Users = users,
                RealPaths = requests.WritePaths.ToDictionary(p => p, RealPath, StringComparer.Ordinal),
                JitPrograms = jitPrograms,
                TmpfilesFolders = TmpfilesFolders(),
                FolderOwners = OwnNames.FoldersInEtc(requests.Units.Select(u => units[u])).Where(f => Directory.Exists(Below(f)))
                    .ToDictionary(f => f, f => Kernel.Identify(Below(f)).Uid, StringComparer.Ordinal),
                HasUserNamespaces = shared && IsThisHost ? UserNamespaces() : null,
            };
            var asksSystemd = IsThisHost && (requests.Systemd || shared || HostMounts.NeedSystemd(read));
            return asksSystemd ? read with { Systemd = SystemdFactReader.Read() } : read;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return facts with { Units = requests.Units.Distinct().ToDictionary(u => u, _ => (UnitFact)new UnitFact.Unreadable(e.Message), StringComparer.Ordinal) };
        }
    }

    private bool IsThisHost => Path.GetFullPath(root) == "/";

    private HostUsers Users()
    {
        var passwd = Below("/etc/passwd");
        var lingering = Below("/var/lib/systemd/linger");
        var group = Below("/etc/group");
        return HostUsers.Parse(
            File.Exists(passwd) ? RegularFile.ReadText(passwd) : "",
            Directory.Exists(lingering) ? [.. Directory.EnumerateFiles(lingering).Select(f => Path.GetFileName(f))] : [],
            File.Exists(group) ? RegularFile.ReadText(group) : "");
    }

    private string? RealPath(string path)
    {
        try
        {
            return _root.RealPath(path);
        }
        catch (UnreadableFileException)
        {
            return null;
        }
    }

    // A file of a higher folder hides those of its name below (tmpfiles.d(5)). What cannot be read makes nothing known.
    private string[] TmpfilesFolders()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in TmpfilesPlaces.Where(f => Directory.Exists(Below(f))))
        {
            foreach (var file in Directory.EnumerateFiles(Below(folder), "*.conf"))
            {
                files.TryAdd(Path.GetFileName(file), $"{folder}/{Path.GetFileName(file)}");
            }
        }

        return [.. files.Values.Select(ReadText).OfType<FileFact.Present>().SelectMany(f => Tmpfiles.FoldersInRun(f.Text!.Content)).Distinct().Order(StringComparer.Ordinal)];
    }

    // What cannot be told here is told by the service's start, which fails.
    private static bool? UserNamespaces() =>
        !File.Exists("/proc/self/uid_map") ? false
        : File.Exists(MaxUserNamespaces) && long.TryParse(KernelFile.ReadText(MaxUserNamespaces), out var most) ? most > 0
        : null;

    // Those that are there, or cannot be read.
    private Dictionary<string, FileFact> MountFiles()
    {
        var folder = Below(AutofsMaster.Folder);
        var maps = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.autofs").Select(f => $"{AutofsMaster.Folder}/{Path.GetFileName(f)}").Order(StringComparer.Ordinal)
            : Enumerable.Empty<string>();
        var files = maps.Prepend(AutofsMaster.Path).Prepend(Fstab.Path).ToDictionary(f => f, ReadText, StringComparer.Ordinal);
        foreach (var map in files.Values.OfType<FileFact.Present>().Select(f => f.Text!.Content).SelectMany(AutofsMaster.DirectMaps).ToList())
        {
            files.TryAdd(map, ReadText(map));
        }

        return files.Where(f => f.Value is not FileFact.Missing).ToDictionary(StringComparer.Ordinal);
    }

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

    private FileFact ReadText(string path) => ReadText(path, named: false);

    // What a file is instead of text is said of one that the configuration names.
    private FileFact ReadText(string path, bool named)
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
        catch (NotTextException e) when (named && e.Format is not null)
        {
            return new FileFact.NotText(e.Format);
        }
        catch (IOException e)
        {
            return NotRead(path, e);
        }
    }

    private FileFact NotRead(string path, IOException e) => e switch
    {
        FileNotFoundException => new FileFact.Missing(_root.LinkTarget(path)),
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

    private static bool IsMount(string name) =>
        name.EndsWith(".mount", StringComparison.Ordinal) || name.EndsWith(".automount", StringComparison.Ordinal);

    private static bool IsServiceOrSocket(string name) => UnitName.IsSocketName(name) || name.EndsWith(".service", StringComparison.Ordinal);

    private string Below(string path) => _root.PathOf(path);
}
