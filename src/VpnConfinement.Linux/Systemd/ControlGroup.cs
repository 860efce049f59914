using System.Globalization;

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
        if (Folder(path) is not { } folder)
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

    /// <summary>The folder of the group; null when it is gone.</summary>
    /// <param name="path">The unit's <c>ControlGroup</c> property; empty for none.</param>
    internal static string? Folder(string path) => path.Length == 0 ? null : Roots.Select(r => r + path).FirstOrDefault(Directory.Exists);

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
