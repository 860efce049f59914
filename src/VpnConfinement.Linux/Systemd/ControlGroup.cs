using System.Globalization;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Systemd;

/// <summary>The processes of a unit, by its control group (cgroups(7)).</summary>
public static class ControlGroup
{
    // A unified hierarchy, or a hybrid one: systemd's own tree is one of these.
    private static readonly string[] Roots = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"];

    // Far below where a sum of two overflows, and above what a kernel has.
    private const int Unbounded = 1 << 29;

    /// <summary>PIDs in the group and below it, ascending; none when the group is gone.</summary>
    /// <param name="path">The unit's <c>ControlGroup</c> property, as <c>/system.slice/x.service</c>; empty for none.</param>
    /// <exception cref="SystemFailure">They cannot be seen from here: not knowing is not none.</exception>
    public static IReadOnlyList<int> Processes(string path)
    {
        if (Folder(path) is { } folder)
        {
            return ProcessesIn(folder);
        }

        if (path.Length > 0)
        {
            _ = Root();
        }

        return [];
    }

    /// <summary>The folders of all slices (systemd.slice(5)), the root first.</summary>
    /// <exception cref="SystemFailure">They cannot be seen from here.</exception>
    internal static IReadOnlyList<string> SliceFolders()
    {
        List<string> slices = [Root()];
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

    /// <summary>
    /// PIDs in the group of a folder and below it, ascending, up to bounds: a service may make groups and processes in
    /// it without end.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="groups">How many groups are looked at, those nearest to the top first.</param>
    /// <param name="processes">How many processes are.</param>
    /// <param name="isAll">Whether that was all.</param>
    internal static IReadOnlyList<int> ProcessesIn(string folder, int groups, int processes, out bool isAll)
    {
        var pids = Walk(folder, groups, processes, out var failure, out var isBounded);
        isAll = failure is null && !isBounded;
        return pids;
    }

    /// <summary>PIDs in the group of a folder and below it, ascending; none when the group is gone.</summary>
    /// <exception cref="SystemFailure">A group cannot be listed: its processes are not known.</exception>
    internal static IReadOnlyList<int> ProcessesIn(string folder)
    {
        var pids = Walk(folder, Unbounded, Unbounded, out var failure, out _);
        return failure is null
            ? pids
            : throw new SystemFailure($"the processes in {folder} cannot be listed: {failure.Message}", failure);
    }

    private static List<int> Walk(
        string folder, int groups, int processes, out Exception? failure, out bool isBounded)
    {
        var pids = new SortedSet<int>();
        var waiting = new Queue<string>([folder]);
        failure = null;
        isBounded = false;
        for (var i = 0; waiting.TryDequeue(out var group); i++)
        {
            if (i == groups || pids.Count >= processes)
            {
                isBounded = true;
                break;
            }

            try
            {
                foreach (var line in KernelFile.ReadLines(group + "/cgroup.procs", processes - pids.Count + 1))
                {
                    pids.Add(Pid(line));
                }

                foreach (var below in Directory.EnumerateDirectories(group).Take(groups + 1 - waiting.Count))
                {
                    waiting.Enqueue(below);
                }
            }
            catch (Exception e) when (IsGone(e))
            {
                // A group that was removed since it was listed has no processes and no groups any more. A threaded one
                // does not tell its processes, which stand in the group above.
            }
            catch (Exception e) when (e is SystemFailure { Errno: not 0 } or IOException or UnauthorizedAccessException)
            {
                // A group that was handed to the service may be shut, or lie too deep for a path.
                failure ??= e;
            }
        }

        isBounded |= pids.Count > processes;
        return [.. pids.Take(processes)];
    }

    /// <summary>
    /// Names of the services whose processes the kernel holds still (cgroup.events, <c>frozen 1</c>): systemd's own
    /// word for it is wrong at times.
    /// </summary>
    public static IReadOnlyCollection<string> FrozenServices() =>
    [
        .. SliceFolders().SelectMany(s => Folders(s, "*.service")).Where(IsFrozenFolder)
            .Select(f => Path.GetFileName(f)).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Those of some units that are frozen.</summary>
    public static IReadOnlyList<string> FrozenAmong(IEnumerable<string> units) =>
        [.. units.Intersect(FrozenServices(), StringComparer.Ordinal)];

    /// <summary>Whether the kernel holds the processes of a group still.</summary>
    /// <param name="path">The unit's <c>ControlGroup</c> property.</param>
    public static bool IsFrozen(string path) => Folder(path) is { } folder && IsFrozenFolder(folder);

    // A group that was handed to its service may be shut by it: then it may be so.
    private static bool IsFrozenFolder(string folder)
    {
        try
        {
            return KernelFile.ReadLines(folder + "/cgroup.events").Contains("frozen 1", StringComparer.Ordinal);
        }
        catch (SystemFailure e) when (IsGone(e))
        {
            return false;
        }
        catch (SystemFailure e) when (e.Errno is Errno.EACCES or Errno.EPERM)
        {
            return true;
        }
    }

    // With ProtectControlGroups=private or strict (systemd 257 and later) a unit of ours sees its own group alone, and
    // no process of any other.
    private static string Root() => Roots.FirstOrDefault(r => Directory.Exists(r + "/system.slice"))
        ?? throw new SystemFailure(
            "systemd's control groups cannot be seen from here, and so no process of a service",
            "take ProtectControlGroups= and what else hides /sys/fs/cgroup out of drop-ins of our units "
            + "('systemctl cat' of the unit shows them), also of those for all services (service.d)");

    // The kernel writes 0 for a process that this PID namespace does not have (PrivatePIDs=).
    private static int Pid(string line) =>
        int.Parse(line, NumberStyles.None, CultureInfo.InvariantCulture) is > 0 and var pid ? pid
        : throw new SystemFailure(
            "processes of a service have no number here, and cannot be looked at",
            "take PrivatePIDs= out of drop-ins of our units, also of those for all services (service.d)");

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

    /// <summary>The folder of the group; null when it is gone.</summary>
    /// <param name="path">The unit's <c>ControlGroup</c> property; empty for none.</param>
    internal static string? Folder(string path) =>
        path.Length == 0 ? null : Roots.Select(r => r + path).FirstOrDefault(Directory.Exists);

    // ENODEV: it was removed while it was read. EOPNOTSUPP: it is threaded.
    private static bool IsGone(Exception e) => e switch
    {
        SystemFailure failure => failure.Errno is Errno.ENOENT or Errno.ENODEV or Errno.EOPNOTSUPP,
        FileNotFoundException or DirectoryNotFoundException => true,
        IOException => e.HResult is Errno.ENODEV or Errno.EOPNOTSUPP,
        _ => false,
    };
}
