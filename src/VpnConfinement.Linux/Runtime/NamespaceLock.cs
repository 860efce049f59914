using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Plan;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Runtime;

/// <summary>Held while one command acts on a namespace; it ends with the process, however that ends.</summary>
internal static class NamespaceLock
{
    /// <summary>Waits for the lock and takes it.</summary>
    internal static SafeFileHandle Take(string ns)
    {
        Directory.CreateDirectory(StateLayout.RunFolder);
        var handle = Kernel.Open(StateLayout.NamespaceLock(ns), O_RDWR | O_CREAT, 0x180); // octal 0600
        try
        {
            Kernel.Lock(handle, $"lock namespace {ns}");
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
