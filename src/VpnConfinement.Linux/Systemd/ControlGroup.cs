using System.Globalization;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Systemd;

/// <summary>The processes of a unit, by its control group (cgroups(7)).</summary>
public static class ControlGroup
{
    // A unified hierarchy, or a hybrid one: systemd's own tree is one of these.
    private static readonly string[] Roots = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"];

    /// <summary>PIDs in the group and below it, ascending; none when the group is gone.</summary>
    /// <param name="path">The unit's <c>ControlGroup</c> property, as <c>/system.slice/x.service</c>; empty for none.</param>
    public static IReadOnlyList<int> Processes(string path)
    {
        if (path.Length == 0)
        {
            return [];
        }

        var folder = Roots.Select(r => r + path).FirstOrDefault(Directory.Exists);
        if (folder is null)
        {
            return [];
        }

        var pids = new SortedSet<int>();
        foreach (var file in Directory.EnumerateFiles(folder, "cgroup.procs", SearchOption.AllDirectories))
        {
            foreach (var line in ReadLines(file))
            {
                pids.Add(int.Parse(line, NumberStyles.None, CultureInfo.InvariantCulture));
            }
        }

        return [.. pids];
    }

    /// <summary>The groups that a unit, or each instance of a template, has in a slice (systemd.slice(5)); one that is not there is not made up.</summary>
    /// <param name="slice">Name of the slice, as <c>system-app.slice</c>.</param>
    /// <param name="unit">Name of the unit.</param>
    internal static IEnumerable<(string Unit, string Path)> OfUnit(string slice, string unit)
    {
        var folder = PathOf(slice);
        if (!UnitName.IsTemplateName(unit))
        {
            return [(unit, $"{folder}/{unit}")];
        }

        return Roots.Select(r => r + folder).FirstOrDefault(Directory.Exists) is { } root
            ? Directory.EnumerateDirectories(root, UnitName.WithInstance(unit, "*")).Select(d => Path.GetFileName(d)).Select(name => (name, $"{folder}/{name}"))
            : [];
    }

    // a-b.slice lies in a.slice; the root slice is -.slice.
    private static string PathOf(string slice)
    {
        var name = slice.EndsWith(".slice", StringComparison.Ordinal) ? slice[..^".slice".Length] : slice;
        return name == "-" ? "" : string.Concat(Enumerable.Range(0, name.Length + 1).Where(i => i == name.Length || name[i] == '-').Select(i => $"/{name[..i]}.slice"));
    }

    // A group may be removed between its listing and its reading: its processes are gone then.
    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }
}
