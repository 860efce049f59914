using VpnConfinement.Linux.Interop;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Namespaces;

/// <summary>
/// The folder of the names of netns, made a shared mount as <c>ip netns</c> does: mounts then reach every mount
/// namespace, and an unmount frees the netns everywhere instead of leaving it pinned by the private mounts of some
/// service.
/// </summary>
internal static class NetnsFolder
{
    // ip-netns(8) holds its lock for some milliseconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Makes it a shared mount.</summary>
    internal static void MakeShared(string folder)
    {
        if (TryShare(folder))
        {
            return;
        }

        // 'ip netns' locks the folder while it does the same, lest two mount it on itself, one over what the other has
        // named there by then. Anybody may hold that lock, so it is not waited for without end: whoever holds it longer
        // is not 'ip netns'.
        using var handle = Kernel.Open(folder, O_RDONLY);
        var end = Environment.TickCount64 + Patience.TotalMilliseconds;
        while (!Kernel.TryLock(handle, $"lock {folder}") && Environment.TickCount64 < end)
        {
            Thread.Sleep(10);
        }

        if (!TryShare(folder))
        {
            Kernel.Mount(folder, folder, MS_BIND | MS_REC, $"make {folder} a mount point");
            Kernel.Mount("", folder, MS_SHARED | MS_REC, $"share {folder}");
        }
    }

    // False where it is no mount point yet.
    private static bool TryShare(string folder)
    {
        try
        {
            Kernel.Mount("", folder, MS_SHARED | MS_REC, $"share {folder}");
            return true;
        }
        catch (SystemFailure e) when (e.Errno == Errno.EINVAL)
        {
            return false;
        }
    }
}
