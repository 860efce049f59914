using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Files;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>Held while one command acts on a namespace; it ends with the process, however that ends.</summary>
internal static class NamespaceLock
{
    /// <summary>Waits for the lock and takes it.</summary>
    internal static SafeFileHandle Take(string ns) =>
        OwnLock.Take(StateLayout.NamespaceLock(ns), $"lock namespace {ns}");
}
