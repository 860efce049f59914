using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Interop;

/// <summary>Checked system calls about mounts and mount namespaces.</summary>
internal static unsafe class KernelMounts
{
    /// <summary>Moves the calling thread alone into a mount namespace, to its root folder.</summary>
    internal static void Enter(SafeFileHandle mounts)
    {
        // The root and the working folder are those of the whole process otherwise, and the kernel refuses.
        Kernel.Check(Libc.unshare(CLONE_FS), "give a thread folders of its own");
        Kernel.Check(Libc.setns(mounts, CLONE_NEWNS), "enter the mount namespace");
    }

    /// <summary>
    /// A read-only bind mount of a file that is mounted nowhere yet (Linux 5.12). A clone is in the peer group of its
    /// source until it is made private: what is mounted on it would appear on the source (mount_namespaces(7)).
    /// </summary>
    internal static SafeFileHandle DetachedMount(string path)
    {
        var mount = Libc.open_tree(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | O_CLOEXEC);
        if (mount.IsInvalid)
        {
            throw Kernel.Failed($"prepare a mount of {path}");
        }

        // struct mount_attr: set, clear, propagation, userns.
        var attributes = stackalloc ulong[] { MOUNT_ATTR_RDONLY, 0, MS_PRIVATE, 0 };
        if (Libc.mount_setattr(SYS_mount_setattr, mount, "", AT_EMPTY_PATH, attributes, 4 * sizeof(ulong)) < 0)
        {
            var failure = Kernel.Failed($"make a mount of {path} read-only and private");
            mount.Dispose();
            throw failure;
        }

        return mount;
    }

    /// <summary>
    /// Mounts it on a path of the calling thread's mount namespace. A symbolic link there is covered and not followed,
    /// and its folder may not be one: where a link leads is not ours to say there. The kernel mounts nowhere but in
    /// that namespace.
    /// </summary>
    internal static void Attach(SafeFileHandle mount, string path)
    {
        // Not openat2(2): systemd-nspawn's containers refuse it.
        using var folder = Kernel.Open(Path.GetDirectoryName(path)!, O_PATH | O_NOFOLLOW);
        var name = Path.GetFileName(path);
        var result = Libc.move_mount(SYS_move_mount, mount, "", folder, name, MOVE_MOUNT_F_EMPTY_PATH);
        Kernel.Check((int)result, $"mount on {path}");
    }

    /// <summary>
    /// The user namespace that owns a namespace; null where it is none that this process may know of (ioctl_nsfs(2)).
    /// </summary>
    internal static FileIdentity? OwnerOf(SafeFileHandle ns)
    {
        using var owner = Libc.ioctl_open(NR_ioctl, ns, NS_GET_USERNS);
        if (!owner.IsInvalid)
        {
            return Kernel.Identify(owner);
        }

        var errno = Marshal.GetLastPInvokeError();
        return errno == Errno.EPERM ? null : throw new SystemFailure("ask for the owner of a namespace", errno);
    }
}
