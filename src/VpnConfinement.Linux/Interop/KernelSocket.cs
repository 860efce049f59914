using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Interop;

/// <summary>Checked system calls about sockets.</summary>
internal static unsafe class KernelSocket
{
    /// <summary>A socket of a family.</summary>
    internal static SafeFileHandle Open(int family, int type, int protocol, string doing)
    {
        var handle = Libc.socket(family, type | SOCK_CLOEXEC, protocol);
        return handle.IsInvalid ? throw Kernel.Failed(doing) : handle;
    }

    /// <summary>The family of an open socket.</summary>
    internal static int FamilyOf(SafeFileHandle socket)
    {
        var family = 0;
        var length = sizeof(int);
        Kernel.Check(Libc.getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &family, &length), "ask for the family of a socket");
        return family;
    }

    /// <summary>Sends a datagram to a unix socket; a name that begins with <c>@</c> is abstract (unix(7)).</summary>
    internal static void SendToUnix(string name, ReadOnlySpan<byte> text, string doing)
    {
        // struct sockaddr_un: family, then the path in 108 bytes.
        Span<byte> address = stackalloc byte[110];
        address.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(address, AF_UNIX);
        var path = Encoding.UTF8.GetBytes(name);
        if (path.Length is 0 or > 107)
        {
            throw new SystemFailure(doing, Errno.EINVAL);
        }

        path.CopyTo(address[2..]);
        var length = 2 + path.Length + (name[0] == '@' ? 0 : 1);
        address[2] = name[0] == '@' ? (byte)0 : address[2];
        using var socket = Open(AF_UNIX, SOCK_DGRAM, 0, doing);
        fixed (byte* start = text)
        fixed (byte* to = address)
        {
            if (Libc.sendto(socket, start, text.Length, 0, to, length) != text.Length)
            {
                throw Kernel.Failed(doing);
            }
        }
    }

    /// <summary>Sets a socket option.</summary>
    internal static void SetOption(SafeFileHandle socket, int level, int option, ReadOnlySpan<byte> value, string doing)
    {
        fixed (byte* start = value)
        {
            Kernel.Check(Libc.setsockopt(socket, level, option, start, value.Length), doing);
        }
    }

    /// <summary>
    /// The number that the kernel gave the calling thread's netns and gives no other; null before Linux 5.14.
    /// </summary>
    internal static ulong? NetnsCookie()
    {
        using var socket = Open(AF_UNIX, SOCK_DGRAM, 0, "open a socket");
        ulong cookie = 0;
        var length = sizeof(ulong);
        if (Libc.getsockopt(socket, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &length) == 0)
        {
            return cookie;
        }

        var errno = Marshal.GetLastPInvokeError();
        return errno == Errno.ENOPROTOOPT ? null
            : throw new SystemFailure("read the cookie of the network namespace", errno);
    }
}
