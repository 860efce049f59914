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

    /// <summary>
    /// Opens a file; the descriptor does not survive an exec. Waits for nobody, where a FIFO has no other end for one,
    /// and takes no terminal for its own.
    /// </summary>
    internal static SafeFileHandle Open(string path, int flags, uint mode = 0)
    {
        var handle = Libc.open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode);
        return handle.IsInvalid ? throw Failed($"open {path}") : handle;
    }

    /// <summary>Moves the calling thread into a netns.</summary>
    internal static void EnterNetns(SafeFileHandle netns) => Check(Libc.setns(netns, CLONE_NEWNET), "enter the network namespace");

    /// <summary>Moves the calling thread into a new netns.</summary>
    internal static void UnshareNetns() => Check(Libc.unshare(CLONE_NEWNET), "make a network namespace");

    /// <summary>mount(2).</summary>
    internal static void Mount(string source, string target, ulong flags, string doing) =>
        Check(Libc.mount(source, target, "none", flags, null), doing);

    /// <summary>Waits until something happens on a descriptor, or the time is over.</summary>
    /// <param name="descriptors">What to wait for; what happened is written there.</param>
    /// <param name="milliseconds">How long at most.</param>
    internal static void Poll(Span<PollDescriptor> descriptors, int milliseconds)
    {
        fixed (PollDescriptor* start = descriptors)
        {
            if (Libc.poll(start, (nuint)descriptors.Length, milliseconds) < 0 && Marshal.GetLastPInvokeError() is not Errno.EINTR and var errno)
            {
                throw new SystemFailure("wait for events", errno);
            }
        }
    }

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

    /// <summary>The type of the file system that an open file is on.</summary>
    internal static long FileSystemType(SafeFileHandle handle)
    {
        // struct statfs is 120 bytes and begins with the type, a long, on 64-bit machines.
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* start = buffer)
        {
            Check(Libc.fstatfs(handle, start), "examine an open file");
        }

        return MemoryMarshal.Read<long>(buffer);
    }

    /// <summary>What an open descriptor is.</summary>
    internal static FileIdentity Identify(SafeFileHandle handle) => Identify(handle, "", AT_EMPTY_PATH, "examine an open file");

    /// <summary>What an absolute path is; a link is itself and not what it leads to.</summary>
    internal static FileIdentity Identify(string path) => Identify(path, AT_SYMLINK_NOFOLLOW);

    /// <summary>Whether an absolute path is there, whatever it is or leads to.</summary>
    internal static bool IsThere(string path)
    {
        try
        {
            Identify(path);
            return true;
        }
        catch (SystemFailure e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ESRCH)
        {
            return false;
        }
    }

    /// <summary>What an absolute path leads to, or null where it leads nowhere.</summary>
    internal static FileIdentity? IdentifyTarget(string path)
    {
        try
        {
            return Identify(path, flags: 0);
        }
        catch (SystemFailure e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP)
        {
            return null;
        }
    }

    /// <summary>
    /// The same, as far as the kernel knows it: what a file system that does not answer would have to say is not asked.
    /// </summary>
    internal static FileIdentity IdentifyCached(string path) => Identify(path, AT_STATX_DONT_SYNC);

    /// <summary>
    /// What an absolute path is, and when it came to be: an inode is soon used again. Where the file system does not
    /// tell, the time of its last change.
    /// </summary>
    internal static (FileIdentity File, ulong Born) IdentifyBorn(string path)
    {
        // struct statx: mask (u32) at 0; times of 64-bit seconds and 32-bit nanoseconds, birth at 80, change at 96.
        Span<byte> buffer = stackalloc byte[256];
        using var root = Open("/", O_RDONLY);
        var file = Identify(root, path, AT_SYMLINK_NOFOLLOW, $"examine {path}", buffer);
        var time = buffer[((MemoryMarshal.Read<uint>(buffer) & STATX_BTIME) != 0 ? 80 : 96)..];
        return (file, (MemoryMarshal.Read<ulong>(time) * 1_000_000_000) + MemoryMarshal.Read<uint>(time[8..]));
    }

    private static FileIdentity Identify(string path, int flags)
    {
        using var root = Open("/", O_RDONLY);
        return Identify(root, path, flags, $"examine {path}");
    }

    private static FileIdentity Identify(SafeFileHandle handle, string path, int flags, string doing) =>
        Identify(handle, path, flags, doing, stackalloc byte[256]);

    private static FileIdentity Identify(SafeFileHandle handle, string path, int flags, string doing, Span<byte> buffer)
    {
        // struct statx (linux/stat.h): uid at 20, mode (u16) at 28, inode at 32, size at 40, device major and minor at 136 and 140.
        fixed (byte* start = buffer)
        {
            Check(Libc.statx(handle, path, flags, STATX_BASIC_STATS | STATX_BTIME, start), doing);
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

    /// <summary>Takes an exclusive lock that ends with the descriptor; false where another has it.</summary>
    internal static bool TryLock(SafeFileHandle handle, string doing)
    {
        if (Libc.flock(handle, LOCK_EX | LOCK_NB) == 0)
        {
            return true;
        }

        var errno = Marshal.GetLastPInvokeError();
        return errno == Errno.EAGAIN ? false : throw new SystemFailure(doing, errno);
    }

    /// <summary>Reads from where the descriptor is.</summary>
    /// <returns>The number of bytes; 0 at the end.</returns>
    internal static int Read(SafeFileHandle handle, Span<byte> buffer, string doing)
    {
        fixed (byte* start = buffer)
        {
            var count = Libc.read(handle, start, buffer.Length);
            return count < 0 ? throw Failed(doing) : (int)count;
        }
    }

    /// <summary>Writes to standard error, without the console's set-up of terminal and signals.</summary>
    internal static void WriteError(ReadOnlySpan<byte> text)
    {
        fixed (byte* start = text)
        {
            if (Libc.write(2, start, text.Length) < 0)
            {
                throw Failed("write to standard error");
            }
        }
    }

    /// <summary>A named pipe.</summary>
    internal static void MakePipe(string path, uint mode) => Check(Libc.mkfifo(path, mode), $"make {path}");

    /// <summary>Gives a netlink socket a port, which the kernel chooses.</summary>
    internal static void BindNetlink(SafeFileHandle socket)
    {
        Span<byte> address = stackalloc byte[12];
        address.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(address, AF_NETLINK);
        fixed (byte* start = address)
        {
            Check(Libc.bind(socket, start, address.Length), "give a netlink socket a port");
        }
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
        var received = Receive(socket, buffer, 0, out var errno);
        return errno != 0 ? throw new SystemFailure(doing, errno)
            : received > buffer.Length ? throw new SystemFailure($"cannot {doing}: the kernel's answer has {received} bytes, more than {buffer.Length}")
            : received;
    }

    /// <summary>Takes one datagram that waits there.</summary>
    /// <param name="socket">A netlink socket that has joined groups.</param>
    /// <param name="buffer">Takes the datagram.</param>
    /// <param name="lost">True where the kernel had to leave some out, or one did not fit.</param>
    /// <returns>The number of bytes received, 0 where none waits or some were lost.</returns>
    internal static int ReceiveEvent(SafeFileHandle socket, Span<byte> buffer, out bool lost)
    {
        const string Doing = "receive events of the kernel";
        var received = Receive(socket, buffer, MSG_DONTWAIT, out var errno);
        lost = errno == Errno.ENOBUFS || received > buffer.Length;
        return lost || errno == Errno.EAGAIN ? 0 : errno == 0 ? received : throw new SystemFailure(Doing, errno);
    }

    private static int Receive(SafeFileHandle socket, Span<byte> buffer, int flags, out int errno)
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
                received = Libc.recvfrom(socket, start, buffer.Length, flags | MSG_TRUNC, from, &addressLength);
            }

            errno = received < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (errno == Errno.EINTR)
            {
                continue;
            }

            if (errno != 0 || (addressLength == address.Length && MemoryMarshal.Read<uint>(address[4..]) == 0))
            {
                return (int)received;
            }
        }
    }

    /// <summary>How many programs of a kind are attached to a control group; null where the kernel or that hierarchy has no such programs.</summary>
    internal static int? AttachedPrograms(SafeFileHandle controlGroup, int kind)
    {
        // union bpf_attr for BPF_PROG_QUERY: group, kind, query flags, attach flags; at 16 where to write ids, which is nowhere; at 24 their number.
        Span<uint> attributes = stackalloc uint[16];
        attributes.Clear();
        var added = false;
        try
        {
            controlGroup.DangerousAddRef(ref added);
            attributes[0] = (uint)controlGroup.DangerousGetHandle();
            attributes[1] = (uint)kind;
            fixed (uint* start = attributes)
            {
                if (Libc.syscall(NR_bpf, BPF_PROG_QUERY, start, attributes.Length * sizeof(uint)) == 0)
                {
                    return (int)attributes[6];
                }
            }
        }
        finally
        {
            if (added)
            {
                controlGroup.DangerousRelease();
            }
        }

        var errno = Marshal.GetLastPInvokeError();
        return errno is Errno.ENOSYS or Errno.EINVAL or Errno.EBADF ? null : throw new SystemFailure("ask for the programs of a control group", errno);
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

    /// <summary>Throws where a call failed.</summary>
    internal static void Check(int result, string doing)
    {
        if (result < 0)
        {
            throw Failed(doing);
        }
    }

    /// <summary>What to throw after a call that failed.</summary>
    internal static SystemFailure Failed(string doing) => new(doing, Marshal.GetLastPInvokeError());
}
