using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Linux.Watch;

/// <summary>The processes of some services, by the kernel's control groups: it is looked for them each second, and asking systemd costs a process each time.</summary>
/// <param name="units">Names of services, templates among them.</param>
internal sealed class ServiceGroups(IReadOnlyList<string> units)
{
    // Slices come and go rarely.
    private const int SliceLooks = 10;

    private IReadOnlyList<string> _slices = [];
    private int _looks;

    /// <summary>The processes that there are now.</summary>
    internal IReadOnlyList<(string Unit, int Pid)> Processes()
    {
        if (units.Count > 0 && _looks++ % SliceLooks == 0)
        {
            _slices = ControlGroup.SliceFolders();
        }

        return [.. units.SelectMany(u => ControlGroup.FoldersOf(_slices, u)).SelectMany(f => ControlGroup.ProcessesIn(f).Select(pid => (Path.GetFileName(f), pid)))];
    }
}
