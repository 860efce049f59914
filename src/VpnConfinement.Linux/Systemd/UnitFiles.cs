using VpnConfinement.Text;

namespace VpnConfinement.Linux.Systemd;

/// <summary>The texts that make up a unit, found the way systemd finds them (systemd.unit(5), "Unit File Load Path") below a root folder.</summary>
/// <param name="root">Root folder; <c>/</c> for this host.</param>
/// <param name="ownDropIn">File name of our drop-in, which is not part of what the unit itself says.</param>
public sealed class UnitFiles(string root, string ownDropIn)
{
    // Highest priority first. Generator folders and transient units are made at boot and are left out below another root by being absent.
    private static readonly string[] SearchPath =
    [
        "etc/systemd/system.control", "run/systemd/system.control", "run/systemd/transient", "run/systemd/generator.early",
        "etc/systemd/system", "etc/systemd/system.attached", "run/systemd/system", "run/systemd/system.attached", "run/systemd/generator",
        "usr/local/lib/systemd/system", "usr/lib/systemd/system", "lib/systemd/system", "run/systemd/generator.late",
    ];

    private readonly string[] _folders = [.. SearchPath.Select(p => Path.Combine(root, p)).Where(Directory.Exists)];

    /// <summary>
    /// The fragment and the drop-ins of a unit in the order in which systemd applies them; null when there is no such unit. An instance without
    /// a file of its own is found by its template; a symlink to another unit's file (an alias) is followed.
    /// </summary>
    /// <exception cref="IOException">A file could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public IReadOnlyList<SourceText>? Find(string unit)
    {
        var template = TemplateOf(unit);
        var fragment = FindFragment(unit) ?? (template is null ? null : FindFragment(template));
        if (fragment is null)
        {
            return null;
        }

        var names = new List<string> { unit };
        if (template is not null)
        {
            names.Add(template);
        }

        if (AliasTarget(fragment) is { } realName && !names.Contains(realName, StringComparer.Ordinal))
        {
            names.Add(realName);
        }

        return [Read(fragment), .. DropIns(names).Select(Read)];
    }

    /// <summary>The unit's own name when <paramref name="unit"/> is an alias (a symlink to another unit's file), else the same name.</summary>
    public string RealName(string unit)
    {
        if (FindFragment(unit) is { } fragment)
        {
            return AliasTarget(fragment) ?? unit;
        }

        if (TemplateOf(unit) is not { } template || FindFragment(template) is not { } shared || AliasTarget(shared) is not { } realTemplate)
        {
            return unit;
        }

        var instance = unit[(unit.IndexOf('@', StringComparison.Ordinal) + 1)..];
        return realTemplate[..(realTemplate.IndexOf('@', StringComparison.Ordinal) + 1)] + instance;
    }

    /// <summary>Instances of a template that have a file or a drop-in of their own, which may say otherwise than the template.</summary>
    public IReadOnlyList<string> InstancesWithFiles(string template)
    {
        var at = template.IndexOf('@', StringComparison.Ordinal) + 1;
        var pattern = template[..at] + "*" + template[at..];
        return
        [
            .. _folders.SelectMany(f => Directory.EnumerateFiles(f, pattern).Concat(Directory.EnumerateDirectories(f, pattern + ".d")))
                .Select(p => Path.GetFileName(p)).Select(n => n.EndsWith(".d", StringComparison.Ordinal) ? n[..^2] : n)
                .Where(n => n != template).Distinct().Order(StringComparer.Ordinal),
        ];
    }

    // A link to another name in the search path is an alias; a link out of it is a unit that lies elsewhere (systemctl(1), "link").
    private string? AliasTarget(string fragment)
    {
        var target = Resolve(fragment);
        var name = Path.GetFileName(target);
        return name != Path.GetFileName(fragment) && name.Contains('.', StringComparison.Ordinal)
            && _folders.Contains(Path.GetDirectoryName(target), StringComparer.Ordinal) ? name : null;
    }

    private string? FindFragment(string unit) => _folders.Select(f => Path.Combine(f, unit)).FirstOrDefault(File.Exists);

    // A drop-in of a higher folder hides one of the same file name in a lower folder, and those of the whole type come last; what is left applies in the order of file names.
    private SortedDictionary<string, string>.ValueCollection DropIns(List<string> names)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var ofTheUnit = names.SelectMany(DropInFolderNames).Distinct().ToList();
        var ofItsType = names[0][(names[0].LastIndexOf('.') + 1)..] + ".d";
        var folders = _folders.SelectMany(f => ofTheUnit.Select(n => Path.Combine(f, n))).Concat(_folders.Select(f => Path.Combine(f, ofItsType)));
        foreach (var file in folders.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*.conf")))
        {
            if (Path.GetFileName(file) != ownDropIn)
            {
                found.TryAdd(Path.GetFileName(file), file);
            }
        }

        return found.Values;
    }

    // foo-bar-baz.service reads foo-bar-baz.service.d, foo-bar-.service.d and foo-.service.d (systemd.unit(5)), and service.d after them.
    private static IEnumerable<string> DropInFolderNames(string unit)
    {
        yield return unit + ".d";
        var dot = unit.LastIndexOf('.');
        var stem = unit[..dot];
        var suffix = unit[dot..];
        for (var dash = stem.LastIndexOf('-', stem.Length - 1); dash > 0; dash = stem.LastIndexOf('-', dash - 1))
        {
            yield return stem[..(dash + 1)] + suffix + ".d";
        }
    }

    private static string? TemplateOf(string unit)
    {
        var at = unit.IndexOf('@', StringComparison.Ordinal);
        var dot = unit.LastIndexOf('.');
        return at < 0 || at + 1 == dot ? null : unit[..(at + 1)] + unit[dot..];
    }

    private SourceText Read(string path)
    {
        var real = Resolve(path);
        // A unit linked to /dev/null is masked, an empty file as well: there is no text to read.
        return new SourceText(path, real == "/dev/null" || real == Path.Combine(root, "dev/null") ? "" : File.ReadAllText(real));
    }

    // An absolute link target means a path below the root, not below the root of the machine that builds.
    private string Resolve(string path)
    {
        for (var hops = 0; hops < 40; hops++)
        {
            var target = new FileInfo(path).LinkTarget;
            if (target is null)
            {
                return path;
            }

            if (target == "/dev/null")
            {
                return target;
            }

            path = Path.IsPathRooted(target) ? Path.Combine(root, target.TrimStart('/')) : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, target));
        }

        throw new IOException($"{path}: too many levels of symbolic links");
    }
}
