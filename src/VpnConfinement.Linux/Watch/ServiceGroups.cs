using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Linux.Watch;

/// <summary>The processes of some services, by the kernel's control groups: it is looked for them each second, and asking systemd costs a process each time.</summary>
/// <param name="units">Names of services, templates among them.</param>
internal sealed class ServiceGroups(IReadOnlyList<string> units)
{
    /// <summary>The processes that there are now.</summary>
    internal IReadOnlyList<(string Unit, int Pid)> Processes()
    {
        var slices = units.Count == 0 ? [] : ControlGroup.SliceFolders();
        return [.. units.SelectMany(u => ControlGroup.FoldersOf(slices, u)).SelectMany(f => ControlGroup.ProcessesIn(f).Select(pid => (Path.GetFileName(f), pid)))];
    }
}
