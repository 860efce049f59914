using System.Globalization;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Systemd;

/// <summary>The processes of a unit, by its control group (cgroups(7)).</summary>
public static class ControlGroup
{
    // A unified hierarchy, or a hybrid one: systemd's own tree is one of these.
    private static readonly string[] Roots = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"];

    /// <summary>PIDs in the group and below it, ascending; none when the group is gone.</summary>
    /// <param name="path">The unit's <c>ControlGroup</c> property, as <c>/system.slice/x.service</c>; empty for none.</param>
    public static IReadOnlyList<int> Processes(string path) => Folder(path) is { } folder ? ProcessesIn(folder) : [];

    /// <summary>The folders of all slices (systemd.slice(5)), the root first.</summary>
    internal static IReadOnlyList<string> SliceFolders()
    {
        var slices = new List<string>();
        if (Roots.FirstOrDefault(r => Directory.Exists(r + "/system.slice")) is { } root)
        {
            slices.Add(root);
        }

        for (var i = 0; i < slices.Count; i++)
        {
            slices.AddRange(Folders(slices[i], "*.slice"));
        }

        return slices;
    }

    /// <summary>The folders of the groups of a unit, or of a template's instances.</summary>
    /// <param name="slices">What <see cref="SliceFolders"/> returned.</param>
    /// <param name="unit">Name of the unit.</param>
    internal static IEnumerable<string> FoldersOf(IReadOnlyList<string> slices, string unit) => UnitName.IsTemplateName(unit)
        ? slices.SelectMany(s => Folders(s, UnitName.WithInstance(unit, "*")))
        : slices.Select(s => $"{s}/{unit}").Where(Directory.Exists);

    /// <summary>PIDs in the group of a folder and below it, ascending; none when the group is gone.</summary>
    internal static IReadOnlyList<int> ProcessesIn(string folder)
    {
        var pids = new SortedSet<int>();
        foreach (var file in Files(folder))
        {
            foreach (var line in ReadLines(file))
            {
                pids.Add(int.Parse(line, NumberStyles.None, CultureInfo.InvariantCulture));
            }
        }

        return [.. pids];
    }

    // What is removed while it is listed has no processes and no groups any more.
    private static string[] Folders(string folder, string pattern)
    {
        try
        {
            return Directory.GetDirectories(folder, pattern);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static string[] Files(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, "cgroup.procs", SearchOption.AllDirectories);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>The folder of the group; null when it is gone.</summary>
    /// <param name="path">The unit's <c>ControlGroup</c> property; empty for none.</param>
    internal static string? Folder(string path) => path.Length == 0 ? null : Roots.Select(r => r + path).FirstOrDefault(Directory.Exists);

    // A group may be removed between its listing and its reading, or while it is read (ENODEV): its processes are gone then. A threaded one does not tell
    // (EOPNOTSUPP): its processes stand in the group above.
    private static string[] ReadLines(string file)
    {
        try
        {
            return KernelFile.ReadLines(file);
        }
        catch (SystemFailure e) when (e.Errno is Errno.ENOENT or Errno.ENODEV or Errno.EOPNOTSUPP)
        {
            return [];
        }
    }
}
