using VpnConfinement.Drift;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Parts;

namespace VpnConfinement.Linux.Verify;

/// <summary>Looks where each thread of a service really is.</summary>
internal static class ThreadLook
{
    /// <summary>Looks.</summary>
    /// <param name="unit">The unit's full name.</param>
    /// <param name="pids">Its processes.</param>
    /// <param name="netns">The netns that they have to be in.</param>
    internal static UnitProcesses At(string unit, IReadOnlyList<int> pids, NetnsIdentity? netns) =>
        new(unit, netns?.ToString(), Look.At<IReadOnlyList<UnitProcess>>(() =>
        [
            .. pids.SelectMany(pid => ProcessNetns.OfEachThread(pid).Select(t =>
                new UnitProcess(pid, t.Netns?.ToString(), t.Netns?.Inode) { Thread = t.Thread })),
        ]));
}
