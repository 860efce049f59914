using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Interop;

/// <summary>Checked system calls: each throws <see cref="SystemFailure"/> that says what was being done.</summary>
internal static unsafe class Kernel
{
    /// <summary>As whom this process acts on files.</summary>
    internal static uint EffectiveUser => Libc.geteuid();

    /// <summary>Opens a file; the descriptor does not survive an exec.</summary>
    internal static SafeFileHandle Open(string path, int flags, uint mode = 0)
    {
        var handle = Libc.open(path, flags | O_CLOEXEC, mode);
        return handle.IsInvalid ? throw Failed($"open {path}") : handle;
    }

    /// <summary>Moves the calling thread into a netns.</summary>
    internal static void EnterNetns(SafeFileHandle netns) => Check(Libc.setns(netns, CLONE_NEWNET), "enter the network namespace");

    /// <summary>Moves the calling thread into a new netns.</summary>
    internal static void UnshareNetns() => Check(Libc.unshare(CLONE_NEWNET), "make a network namespace");

    /// <summary>mount(2).</summary>
    internal static void Mount(string source, string target, ulong flags, string doing) =>
        Check(Libc.mount(source, target, "none", flags, null), doing);

    /// <summary>Unmounts at once, whoever still uses it; false where nothing is mounted there.</summary>
    internal static bool TryUnmount(string target)
    {
        if (Libc.umount2(target, MNT_DETACH) == 0)
        {
            return true;
        }

        var errno = Marshal.GetLastPInvokeError();
        return errno is Errno.EINVAL or Errno.ENOENT ? false : throw new SystemFailure($"unmount {target}", errno);
    }

    /// <summary>Removes a name; false where there is none.</summary>
    internal static bool TryUnlink(string path)
    {
        if (Libc.unlink(path) == 0)
        {
            return true;
        }

        var errno = Marshal.GetLastPInvokeError();
        return errno == Errno.ENOENT ? false : throw new SystemFailure($"remove {path}", errno);
    }

    /// <summary>Gives a file a second name; false where something has that name already.</summary>
    internal static bool TryLink(string path, string newPath)
    {
        if (Libc.link(path, newPath) == 0)
        {
            return true;
        }

        var errno = Marshal.GetLastPInvokeError();
        return errno == Errno.EEXIST ? false : throw new SystemFailure($"make {newPath}", errno);
    }

    /// <summary>The type of the file system that a path is on, or null where the path does not exist.</summary>
    internal static long? FileSystemType(string path)
    {
        // struct statfs is 120 bytes and begins with the type, a long, on 64-bit machines.
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* start = buffer)
        {
            if (Libc.statfs(path, start) == 0)
            {
                return MemoryMarshal.Read<long>(buffer);
            }
        }

        var errno = Marshal.GetLastPInvokeError();
        return errno == Errno.ENOENT ? null : throw new SystemFailure($"examine {path}", errno);
    }

    /// <summary>What an open descriptor is.</summary>
    internal static FileIdentity Identify(SafeFileHandle handle) => Identify(handle, "", AT_EMPTY_PATH, "examine an open file");

    /// <summary>What an absolute path is; a link is itself and not what it leads to.</summary>
    internal static FileIdentity Identify(string path)
    {
        using var root = Open("/", O_RDONLY);
        return Identify(root, path, AT_SYMLINK_NOFOLLOW, $"examine {path}");
    }

    private static FileIdentity Identify(SafeFileHandle handle, string path, int flags, string doing)
    {
        // struct statx (linux/stat.h): uid at 20, mode (u16) at 28, inode at 32, size at 40, device major and minor at 136 and 140.
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* start = buffer)
        {
            Check(Libc.statx(handle, path, flags, STATX_BASIC_STATS, start), doing);
        }

        var major = MemoryMarshal.Read<uint>(buffer[136..]);
        var minor = MemoryMarshal.Read<uint>(buffer[140..]);
        return new FileIdentity(
            MakeDevice(major, minor),
            MemoryMarshal.Read<ulong>(buffer[32..]),
            MemoryMarshal.Read<ushort>(buffer[28..]),
            MemoryMarshal.Read<uint>(buffer[20..]),
            MemoryMarshal.Read<ulong>(buffer[40..]));
    }

    /// <summary>Writes what is still in memory to the disk.</summary>
    internal static void Flush(SafeFileHandle handle, string doing) => Check(Libc.fsync(handle), doing);

    /// <summary>Waits for and takes an exclusive lock that ends with the descriptor.</summary>
    internal static void Lock(SafeFileHandle handle, string doing) => Check(Libc.flock(handle, LOCK_EX), doing);

    /// <summary>A raw socket of a family.</summary>
    internal static SafeFileHandle Socket(int family, int type, int protocol, string doing)
    {
        var handle = Libc.socket(family, type | SOCK_CLOEXEC, protocol);
        return handle.IsInvalid ? throw Failed(doing) : handle;
    }

    /// <summary>Sets a socket option.</summary>
    internal static void SetOption(SafeFileHandle socket, int level, int option, ReadOnlySpan<byte> value, string doing)
    {
        fixed (byte* start = value)
        {
            Check(Libc.setsockopt(socket, level, option, start, value.Length), doing);
        }
    }

    /// <summary>The number that the kernel gave the calling thread's netns and gives no other; null before Linux 5.14.</summary>
    internal static ulong? NetnsCookie()
    {
        using var socket = Socket(AF_UNIX, SOCK_DGRAM, 0, "open a socket");
        ulong cookie = 0;
        var length = sizeof(ulong);
        if (Libc.getsockopt(socket, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &length) == 0)
        {
            return cookie;
        }

        var errno = Marshal.GetLastPInvokeError();
        return errno == Errno.ENOPROTOOPT ? null : throw new SystemFailure("read the cookie of the network namespace", errno);
    }

    /// <summary>Sends a whole datagram to the kernel's end of a netlink socket.</summary>
    internal static void SendToKernel(SafeFileHandle socket, ReadOnlySpan<byte> data, string doing)
    {
        // struct sockaddr_nl with port 0, the kernel.
        Span<byte> address = stackalloc byte[12];
        address.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(address, AF_NETLINK);
        fixed (byte* start = data)
        fixed (byte* to = address)
        {
            var sent = Libc.sendto(socket, start, data.Length, 0, to, address.Length);
            if (sent != data.Length)
            {
                throw sent < 0 ? Failed(doing) : new SystemFailure($"cannot {doing}: only {sent} of {data.Length} bytes were sent");
            }
        }
    }

    /// <summary>Receives one whole datagram from the kernel's end of a netlink socket; datagrams of others are skipped.</summary>
    /// <returns>The number of bytes received.</returns>
    internal static int ReceiveFromKernel(SafeFileHandle socket, Span<byte> buffer, string doing)
    {
        Span<byte> address = stackalloc byte[12];
        while (true)
        {
            address.Clear();
            var addressLength = address.Length;
            nint received;
            fixed (byte* start = buffer)
            fixed (byte* from = address)
            {
                received = Libc.recvfrom(socket, start, buffer.Length, MSG_TRUNC, from, &addressLength);
            }

            if (received < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.EINTR)
                {
                    continue;
                }

                throw new SystemFailure(doing, errno);
            }

            if (received > buffer.Length)
            {
                throw new SystemFailure($"cannot {doing}: the kernel's answer has {received} bytes, more than {buffer.Length}");
            }

            if (addressLength == address.Length && MemoryMarshal.Read<uint>(address[4..]) == 0)
            {
                return (int)received;
            }
        }
    }

    /// <summary>A nameless file in memory with the given content, to be opened as <c>/proc/self/fd/N</c>.</summary>
    internal static SafeFileHandle MemoryFile(string name, ReadOnlySpan<byte> content)
    {
        var handle = Libc.memfd_create(name, MFD_CLOEXEC);
        if (handle.IsInvalid)
        {
            throw Failed("make a file in memory");
        }

        RandomAccess.Write(handle, content, 0);
        return handle;
    }

    /// <summary>The text of such a file, from its beginning.</summary>
    internal static string ReadWhole(SafeFileHandle file)
    {
        var bytes = new byte[RandomAccess.GetLength(file)];
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), read) is var count and > 0)
        {
            read += count;
        }

        return Encoding.UTF8.GetString(bytes, 0, read);
    }

    private static ulong MakeDevice(uint major, uint minor) =>
        ((ulong)(major & 0xfffff000) << 32) | ((ulong)(major & 0xfff) << 8) | ((ulong)(minor & 0xffffff00) << 12) | (minor & 0xff);

    private static void Check(int result, string doing)
    {
        if (result < 0)
        {
            throw Failed(doing);
        }
    }

    private static SystemFailure Failed(string doing) => new(doing, Marshal.GetLastPInvokeError());
}
