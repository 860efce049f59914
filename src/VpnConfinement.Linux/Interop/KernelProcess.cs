using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Interop;

/// <summary>Checked system calls about processes: what another one has open, and giving privileges up.</summary>
internal static unsafe class KernelProcess
{
    /// <summary>A process, whatever becomes of its number; null where it is gone (pidfd_open(2), Linux 5.3).</summary>
    internal static SafeFileHandle? TryOpen(int pid)
    {
        var process = Libc.pidfd_open(SYS_pidfd_open, pid, 0);
        return !process.IsInvalid ? process
            : Marshal.GetLastPInvokeError() is Errno.ESRCH or Errno.EINVAL ? null
            : throw Kernel.Failed($"open process {pid}");
    }

    /// <summary>What a process has open, as a descriptor of ours; null where it is open no more (Linux 5.6).</summary>
    internal static SafeFileHandle? TryTake(SafeFileHandle process, int descriptor)
    {
        var taken = Libc.pidfd_getfd(SYS_pidfd_getfd, process, descriptor, 0);
        return !taken.IsInvalid ? taken
            : Marshal.GetLastPInvokeError() is Errno.ESRCH or Errno.EBADF ? null
            : throw Kernel.Failed($"take descriptor {descriptor}");
    }

    /// <summary>
    /// Whether two threads have one list of descriptors (kcmp(2)): a thread leaves that of its process by unshare(2),
    /// and the first one has none any more once it has ended. Null where one of them is gone.
    /// </summary>
    internal static bool? SharesFiles(int one, int other)
    {
        var compared = Libc.kcmp(NR_kcmp, one, other, KCMP_FILES, 0, 0);
        return compared >= 0 ? compared == 0
            : Marshal.GetLastPInvokeError() is Errno.ESRCH ? null
            : throw Kernel.Failed($"compare the descriptors of threads {one} and {other}");
    }

    /// <summary>The netns in which a socket was made.</summary>
    internal static SafeFileHandle NetnsOf(SafeFileHandle socket)
    {
        var netns = Libc.ioctl_open(NR_ioctl, socket, SIOCGSKNS);
        return netns.IsInvalid ? throw Kernel.Failed("ask for the network namespace of a socket") : netns;
    }

    /// <summary>
    /// Makes this process one of an unprivileged user: no capabilities, nothing that a program could give back, and no
    /// memory for other processes to look into.
    /// </summary>
    internal static void BecomeUser(uint user, uint group, ReadOnlySpan<uint> groups)
    {
        Kernel.Check(Libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "give up gaining privileges");
        fixed (uint* list = groups)
        {
            Kernel.Check(Libc.setgroups(groups.Length, list), "give up groups");
        }

        Kernel.Check(Libc.setresgid(group, group, group), "take a group");
        Kernel.Check(Libc.setresuid(user, user, user), "take a user");

        // Before the capabilities go: until then they keep a root without any from tracing this process.
        Kernel.Check(Libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "hide memory");

        // struct __user_cap_header_struct, and two of struct __user_cap_data_struct: a root has them all still.
        var header = stackalloc uint[] { LINUX_CAPABILITY_VERSION_3, 0 };
        var none = stackalloc uint[] { 0, 0, 0, 0, 0, 0 };
        Kernel.Check((int)Libc.capset(NR_capset, header, none), "give up capabilities");
    }
}
