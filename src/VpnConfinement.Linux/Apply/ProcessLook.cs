using VpnConfinement.Drift;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Linux.Apply;

/// <summary>Looks where the processes of a confined unit really are.</summary>
internal static class ProcessLook
{
    /// <summary>Looks.</summary>
    /// <param name="unit">The unit's full name.</param>
    /// <param name="group">Its control group (<c>ControlGroup</c>).</param>
    /// <param name="netns">The netns that they have to be in; null while that is not up.</param>
    internal static UnitProcesses At(string unit, string group, NetnsIdentity? netns) =>
        new(unit, netns?.ToString(), Look.At<IReadOnlyList<UnitProcess>>(() =>
            [.. ControlGroup.Processes(group).Select(Place).OfType<UnitProcess>()]));

    // Null for a process that ended meanwhile.
    private static UnitProcess? Place(int pid)
    {
        var netns = ProcessNetns.Of(pid, out var ended);
        return ended ? null : new UnitProcess(pid, netns?.ToString(), netns?.Inode);
    }
}
