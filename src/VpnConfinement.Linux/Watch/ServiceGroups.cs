using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Linux.Watch;

/// <summary>The processes of some services, by the kernel's control groups: it is looked for them each second, and asking systemd costs a process each time.</summary>
/// <param name="units">Names of services, templates among them.</param>
internal sealed class ServiceGroups(IReadOnlyList<string> units)
{
    // Of one service: more are its own making, and looking at them may not keep the others waiting. Far above what
    // TasksMax= allows by itself.
    private const int GroupBound = 512;
    private const int ProcessBound = 8192;

    /// <summary>The processes that there are now.</summary>
    /// <param name="tend">Runs between two services.</param>
    /// <param name="beyond">Services that have more groups or processes than are looked at.</param>
    internal IReadOnlyList<(string Unit, int Pid)> Processes(Action tend, out IReadOnlyList<string> beyond)
    {
        var slices = units.Count == 0 ? [] : ControlGroup.SliceFolders();
        var found = new List<(string Unit, int Pid)>();
        var more = new List<string>();
        foreach (var folder in units.SelectMany(u => ControlGroup.FoldersOf(slices, u)))
        {
            tend();
            var unit = Path.GetFileName(folder);
            var pids = ControlGroup.ProcessesIn(folder, GroupBound, ProcessBound, out var isAll);
            found.AddRange(pids.Select(pid => (unit, pid)));
            if (!isAll)
            {
                more.Add(unit);
            }
        }

        beyond = more;
        return found;
    }
}
