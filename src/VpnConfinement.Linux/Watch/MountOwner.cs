using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// Whether a mount namespace may be entered (S-34). systemd makes those of services in its own user namespace,
/// PrivateUsers= or not (252, 257, 262), and a process without CAP_SYS_ADMIN can make none there. What a user namespace
/// of a service's own owns is the service's: DelegateNamespaces=mnt among it.
/// </summary>
internal static class MountOwner
{
    private static readonly FileIdentity? Own = Kernel.IdentifyTarget("/proc/self/ns/user");

    /// <summary>
    /// Whether the user namespace of this program, which is systemd's, owns it. Not knowing counts as no.
    /// </summary>
    internal static bool IsSystemd(SafeFileHandle mounts)
    {
        try
        {
            return Own is { } own && own.IsSameAs(KernelMounts.OwnerOf(mounts));
        }
        catch (SystemFailure)
        {
            return false;
        }
    }
}
