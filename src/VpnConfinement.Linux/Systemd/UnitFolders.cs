using VpnConfinement.State;

namespace VpnConfinement.Linux.Systemd;

/// <summary>What lies in systemd's unit folders below a root folder, listed once: fragments, links between unit names, folders of drop-ins.</summary>
internal sealed class UnitFolders
{
    /// <summary>What <see cref="Resolve"/> gives for a link to /dev/null.</summary>
    internal const string Masked = "/dev/null";

    // Highest priority first. Generator folders and transient units are made at boot and are left out below another root by being absent.
    private static readonly string[] SearchPath =
    [
        "etc/systemd/system.control", "run/systemd/system.control", "run/systemd/transient", "run/systemd/generator.early",
        "etc/systemd/system", "etc/systemd/system.attached", "run/systemd/system", "run/systemd/system.attached", "run/systemd/generator",
        "usr/local/lib/systemd/system", "usr/lib/systemd/system", "lib/systemd/system", "run/systemd/generator.late",
    ];

    private readonly string _root;
    private readonly string[] _folders;
    private readonly Dictionary<string, string> _fragments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(int Place, string Path)>> _dropIns = new(StringComparer.Ordinal);

    internal UnitFolders(string root)
    {
        _root = root;
        _folders = [.. SearchPath.Select(p => Path.Combine(root, p))];
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var place = 0; place < _folders.Length; place++)
        {
            if (Directory.Exists(_folders[place]))
            {
                foreach (var entry in new DirectoryInfo(_folders[place]).EnumerateFileSystemInfos())
                {
                    Add(entry, place, links);
                }
            }
        }

        Aliases = new UnitAliases(links);
    }

    internal UnitAliases Aliases { get; }

    internal IEnumerable<string> Names => _fragments.Keys;

    internal IEnumerable<string> DropInNames => _dropIns.Keys;

    internal string? Fragment(string unit) => _fragments.GetValueOrDefault(unit);

    /// <summary>The folders of these names, those of a higher place in the search path first.</summary>
    internal IEnumerable<string> DropIns(IEnumerable<string> names) =>
        names.SelectMany((n, order) => (_dropIns.GetValueOrDefault(n) ?? []).Select(d => (d.Place, d.Path, Order: order)))
            .OrderBy(d => d.Place).ThenBy(d => d.Order).Select(d => d.Path);

    /// <summary>Follows links; an absolute target is a path below the root, not below that of the machine that builds.</summary>
    internal string Resolve(string path)
    {
        for (var hops = 0; hops < 40; hops++)
        {
            var target = new FileInfo(path).LinkTarget;
            if (target is null)
            {
                return path;
            }

            if (target == Masked)
            {
                return target;
            }

            path = Target(path, target);
        }

        throw new IOException($"{path}: too many levels of symbolic links");
    }

    private void Add(FileSystemInfo entry, int place, Dictionary<string, string> links)
    {
        var name = entry.Name;
        if (name.EndsWith(".d", StringComparison.Ordinal))
        {
            var folder = Resolve(entry.FullName);
            if (Directory.Exists(folder))
            {
                (_dropIns.TryGetValue(name, out var folders) ? folders : _dropIns[name] = []).Add((place, folder));
            }
        }
        else if (name.Contains('.', StringComparison.Ordinal) && _fragments.TryAdd(name, entry.FullName) && entry.LinkTarget is { } target)
        {
            // A link to another name in the search path is an alias; a link out of it is a unit that lies elsewhere (systemctl(1), "link").
            var real = Target(entry.FullName, target);
            if (Path.GetFileName(real) != name && Path.GetExtension(real) == Path.GetExtension(name) && _folders.Contains(Path.GetDirectoryName(real), StringComparer.Ordinal))
            {
                links[name] = Path.GetFileName(real);
            }
        }
    }

    private string Target(string path, string target) =>
        Path.IsPathRooted(target) ? Path.GetFullPath(Path.Combine(_root, target.TrimStart('/'))) : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, target));
}
