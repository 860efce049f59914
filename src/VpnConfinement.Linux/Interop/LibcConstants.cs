using System.Runtime.InteropServices;

namespace VpnConfinement.Linux.Interop;

/// <summary>Constants of system calls, with their kernel names.</summary>
internal static class LibcConstants
{
    // fcntl.h, stat.h
    internal const int O_RDONLY = 0;
    internal const int O_WRONLY = 1;
    internal const int O_RDWR = 2;
    internal const int O_CREAT = 0x40;
    internal const int O_EXCL = 0x80;
    internal const int O_NOCTTY = 0x100;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;
    internal const int O_PATH = 0x200000;
    internal static readonly int O_NOFOLLOW =
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;
    internal const int AT_EMPTY_PATH = 0x1000;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const int AT_STATX_DONT_SYNC = 0x4000;
    internal const uint STATX_BASIC_STATS = 0x7ff;
    internal const uint STATX_BTIME = 0x800;
    internal const int LOCK_EX = 2;
    internal const int LOCK_NB = 4;

    // sched.h
    internal const int CLONE_NEWNET = 0x40000000;
    internal const int CLONE_NEWNS = 0x20000;
    internal const int CLONE_FS = 0x200;

    // poll.h
    internal const short POLLIN = 1;
    internal const short POLLPRI = 2;

    // asm-generic/unistd.h: these numbers are the same on all machines
    internal const long SYS_open_tree = 428;
    internal const long SYS_move_mount = 429;
    internal const long SYS_mount_setattr = 442;
    internal const nint SYS_pidfd_open = 434;
    internal const nint SYS_pidfd_getfd = 438;

    // linux/nsfs.h
    internal const nuint NS_GET_USERNS = 0xb701;

    internal const int AT_FDCWD = -100;
    internal const uint OPEN_TREE_CLONE = 1;
    internal const uint MOVE_MOUNT_F_EMPTY_PATH = 4;
    internal const ulong MOUNT_ATTR_RDONLY = 1;
    internal const int MSG_DONTWAIT = 0x40;

    // linux/mount.h
    internal const ulong MS_BIND = 0x1000;
    internal const ulong MS_REC = 0x4000;
    internal const ulong MS_SHARED = 0x100000;
    internal const ulong MS_PRIVATE = 0x40000;
    internal const int MNT_DETACH = 2;

    // linux/magic.h
    internal const long NSFS_MAGIC = 0x6e736673;

    // asm/unistd.h
    internal static readonly nint NR_bpf = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 280 : 321;
    internal static readonly nint NR_kcmp = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 272 : 312;

    // linux/kcmp.h
    internal const nint KCMP_FILES = 2;
    internal static readonly nint NR_capset = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 91 : 126;
    internal static readonly nint NR_ioctl = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 29 : 16;

    // linux/bpf.h
    internal const int BPF_PROG_QUERY = 16;
    internal const int BPF_CGROUP_INET4_BIND = 8;

    // socket.h
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;
    internal const int AF_NETLINK = 16;
    internal const int AF_PACKET = 17;
    internal const int SOCK_RAW = 3;
    internal const int SOCK_CLOEXEC = 0x80000;
    internal const int SOL_SOCKET = 1;
    internal const int SO_RCVBUF = 8;
    internal const int SO_RCVTIMEO = 20;
    internal const int SO_BINDTODEVICE = 25;
    internal const int SO_ATTACH_FILTER = 26;
    internal const int SO_SNDBUFFORCE = 32;
    internal const int SO_RCVBUFFORCE = 33;
    internal const int SO_DOMAIN = 39;
    internal const int SO_NETNS_COOKIE = 71;
    internal const int SOCK_DGRAM = 2;
    internal const int AF_UNIX = 1;

    // linux/in.h, linux/in6.h
    internal const int IPPROTO_IP = 0;
    internal const int IPPROTO_IPV6 = 41;
    internal const int IP_MTU_DISCOVER = 10;
    internal const int IPV6_MTU_DISCOVER = 23;
    internal const int IP_PMTUDISC_PROBE = 3;

    // linux/sockios.h: the netns of a socket, as a descriptor.
    internal const nuint SIOCGSKNS = 0x894c;

    // linux/if_packet.h, linux/if_ether.h
    internal const int SOL_PACKET = 263;
    internal const int PACKET_STATISTICS = 6;
    internal const ushort ETH_P_ALL = 3;

    // linux/prctl.h, linux/capability.h
    internal const int PR_SET_DUMPABLE = 4;
    internal const int PR_SET_NO_NEW_PRIVS = 38;
    internal const uint LINUX_CAPABILITY_VERSION_3 = 0x20080522;
    internal const int MSG_TRUNC = 0x20;

    // spawn.h (glibc and musl)
    internal const short POSIX_SPAWN_SETPGROUP = 0x02;
    internal const short POSIX_SPAWN_SETSIGDEF = 0x04;
    internal const short POSIX_SPAWN_SETSIGMASK = 0x08;
    internal const short POSIX_SPAWN_SETSID = 0x80;

    internal const int SIGKILL = 9;

    // sys/mman.h
    internal const int MADV_DONTNEED = 4;
    internal const int SIGPIPE = 13;
    internal const int SIGSTOP = 19;
    internal const int SIGRTMAX = 64;
    internal const uint MFD_CLOEXEC = 1;
}
