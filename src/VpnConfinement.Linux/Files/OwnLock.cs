using System.Globalization;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Plan;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Files;

/// <summary>
/// Locks in a folder that nobody else may enter. flock(2) asks for no right but that of opening the file, so that on
/// any other file or folder whoever can read it could keep us waiting. A lock ends with the process, however that ends.
/// </summary>
internal static class OwnLock
{
    /// <summary>Waits for the lock and takes it.</summary>
    /// <param name="path">Its file, in <see cref="StateLayout.LockFolder"/>.</param>
    /// <param name="doing">What is being done.</param>
    internal static SafeFileHandle Take(string path, string doing)
    {
        var handle = Open(path);
        try
        {
            Kernel.Lock(handle, doing);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock, or gives null where another run has it, or took the file away.</summary>
    internal static SafeFileHandle? TryTake(string path, string doing)
    {
        var handle = Open(path);
        if (Kernel.TryLock(handle, doing) && Kernel.Identify(handle).IsSameAs(Kernel.IdentifyTarget(path)))
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    /// <summary>
    /// Whether somebody holds the lock. It is not tried for: a run that takes it in this moment would be refused.
    /// </summary>
    internal static bool IsHeld(string path)
    {
        if (Kernel.IdentifyTarget(path) is not { } file)
        {
            return false;
        }

        // proc_locks(5): number, kind, mode, access, process, major:minor:inode. One that is waited for has an arrow.
        var place = string.Create(
            CultureInfo.InvariantCulture, $"{Major(file.Device):x2}:{Minor(file.Device):x2}:{file.Inode}");
        return KernelFile.ReadLines("/proc/locks").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(words => words.Length > 5 && words[1] == "FLOCK" && words[5] == place);
    }

    // gnu_dev_major(3), gnu_dev_minor(3).
    private static ulong Major(ulong device) => ((device >> 8) & 0xfff) | ((device >> 32) & ~0xfffUL);

    private static ulong Minor(ulong device) => (device & 0xff) | ((device >> 12) & ~0xffUL);

    private static SafeFileHandle Open(string path)
    {
        AtomicFile.CreateFolder(StateLayout.LockFolder, AtomicFile.SecretFolderMode);
        return Kernel.Open(path, O_RDWR | O_CREAT, (uint)AtomicFile.SecretMode);
    }
}
