using VpnConfinement.Linux.Interop;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Gate;

/// <summary>
/// What of the host's /run the calling thread can reach, of all that a service under strict DNS may not.
/// </summary>
internal static class HiddenSockets
{
    /// <summary>The paths.</summary>
    /// <param name="ipc">Whether nscd and the system bus are let in.</param>
    internal static IEnumerable<string> Reachable(bool ipc) => HostSockets.Hidden(ipc).Where(IsReachable);

    // A folder without anything but files leads nowhere: where /etc/resolv.conf is a link into one, the pinned file
    // lies in it. One that cannot be listed may.
    private static bool IsReachable(string path)
    {
        try
        {
            return Directory.Exists(path)
                ? Directory.EnumerateFileSystemEntries(path).Any(e => !Kernel.Identify(e).IsRegular)
                : Path.Exists(path);
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
    }
}
