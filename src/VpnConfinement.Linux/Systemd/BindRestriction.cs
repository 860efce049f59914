using VpnConfinement.Linux.Interop;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Systemd;

/// <summary>
/// Whether the kernel holds a unit to SocketBindDeny=. A systemd without the BPF framework, or a kernel without such programs, takes the line and
/// enforces nothing, without a word; what is attached to the unit's control group is the truth of it.
/// </summary>
public static class BindRestriction
{
    /// <summary>Looks; null when the unit has no control group, because it does not run.</summary>
    /// <param name="controlGroup">The unit's <c>ControlGroup</c> property.</param>
    /// <exception cref="SystemFailure">The kernel does not say.</exception>
    public static bool? IsEnforced(string controlGroup)
    {
        if (ControlGroup.Folder(controlGroup) is not { } folder)
        {
            return null;
        }

        using var handle = Kernel.Open(folder, O_RDONLY);
        return Kernel.AttachedPrograms(handle, BPF_CGROUP_INET4_BIND) > 0;
    }
}
