using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Tests.Packets;

/// <summary>The system calls of the packet tests: raw sockets, packet sockets and TUN descriptors, none of which blocks.</summary>
internal static unsafe partial class RawCalls
{
    private const int AF_INET = 2, AF_INET6 = 10, AF_PACKET = 17, SOCK_RAW = 3, SOCK_NONBLOCK = 0x800, SOCK_CLOEXEC = 0x80000;
    private const int SOL_SOCKET = 1, SO_BROADCAST = 6, SO_BINDTODEVICE = 25, SO_RCVBUFFORCE = 33, SO_MARK = 36, IPPROTO_RAW = 255;
    private const int O_RDWR = 2, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000, EPERM = 1, EAGAIN = 11;
    private const nuint TUNSETIFF = 0x400454ca;
    private const short IFF_TUN = 1, IFF_NO_PI = 0x1000;

    /// <summary>A socket that sends whole packets, header included, over one interface and with the mark.</summary>
    internal static SafeFileHandle Sender(bool ipv6, string interfaceName, int mark)
    {
        var socket = Open(ipv6 ? AF_INET6 : AF_INET, IPPROTO_RAW);
        Option(socket, SO_BINDTODEVICE, System.Text.Encoding.ASCII.GetBytes(interfaceName + "\0"));
        Option(socket, SO_MARK, BitConverter.GetBytes(mark));
        Option(socket, SO_BROADCAST, BitConverter.GetBytes(1));
        return socket;
    }

    /// <summary>A socket to which the kernel delivers every packet of a protocol that got through the input hook.</summary>
    internal static SafeFileHandle Receiver(bool ipv6, byte protocol) => Open(ipv6 ? AF_INET6 : AF_INET, protocol);

    /// <summary>A packet socket on one interface.</summary>
    internal static SafeFileHandle Packets(int interfaceIndex)
    {
        var socket = Open(AF_PACKET, 0x0300); // ETH_P_ALL in network order
        Span<byte> address = stackalloc byte[20];
        address.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(address, AF_PACKET);
        BinaryPrimitives.WriteUInt16BigEndian(address[2..], 3);
        BinaryPrimitives.WriteInt32LittleEndian(address[4..], interfaceIndex);
        fixed (byte* a = address)
        {
            Check(bind(socket, a, 20), "bind");
        }

        return socket;
    }

    /// <summary>A TUN interface of that name in the calling thread's netns.</summary>
    internal static SafeFileHandle Tun(string name)
    {
        var tun = Libc.open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC, 0);
        Check(tun.IsInvalid ? -1 : 0, "open /dev/net/tun");
        Span<byte> request = stackalloc byte[40];
        request.Clear();
        System.Text.Encoding.ASCII.GetBytes(name, request);
        BinaryPrimitives.WriteInt16LittleEndian(request[16..], IFF_TUN | IFF_NO_PI);
        fixed (byte* r = request)
        {
            Check(ioctl(tun, TUNSETIFF, r), "TUNSETIFF");
        }

        return tun;
    }

    /// <summary>Sends a packet with its header; 0, or the error number.</summary>
    internal static int Send(SafeFileHandle socket, byte[] packet, IPAddress destination)
    {
        var address = new byte[28];
        var ipv6 = destination.AddressFamily == AddressFamily.InterNetworkV6;
        address[0] = (byte)(ipv6 ? AF_INET6 : AF_INET);
        destination.GetAddressBytes().CopyTo(address, ipv6 ? 8 : 4);
        fixed (byte* p = packet)
        fixed (byte* a = address)
        {
            return Libc.sendto(socket, p, packet.Length, 0, a, ipv6 ? 28 : 16) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
    }

    internal static void Write(SafeFileHandle descriptor, byte[] packet)
    {
        fixed (byte* p = packet)
        {
            Check((int)write(descriptor, p, packet.Length), "write a packet");
        }
    }

    /// <summary>Writes a frame that the link may refuse, or that is too short for it.</summary>
    internal static void TryWrite(SafeFileHandle descriptor, byte[] frame)
    {
        fixed (byte* p = frame)
        {
            _ = write(descriptor, p, frame.Length);
        }
    }

    /// <summary>The next packet that waits, and where it came from on an IPv6 socket; -1 when none does.</summary>
    internal static int Read(SafeFileHandle descriptor, Span<byte> buffer)
    {
        fixed (byte* b = buffer)
        {
            var length = (int)read(descriptor, b, buffer.Length);
            if (length < 0 && Marshal.GetLastPInvokeError() is not EAGAIN and var error)
            {
                throw new InvalidOperationException($"read: errno {error}");
            }

            return length;
        }
    }

    internal static bool IsRefusal(int error) => error == EPERM;

    private static SafeFileHandle Open(int family, int protocol)
    {
        var socket = Libc.socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
        Check(socket.IsInvalid ? -1 : 0, $"socket {family} {protocol}");
        Option(socket, SO_RCVBUFFORCE, BitConverter.GetBytes(8 << 20));
        return socket;
    }

    private static void Option(SafeFileHandle socket, int option, byte[] value)
    {
        fixed (byte* v = value)
        {
            Check(Libc.setsockopt(socket, SOL_SOCKET, option, v, value.Length), $"setsockopt {option}");
        }
    }

    private static void Check(int result, string doing)
    {
        if (result < 0)
        {
            throw new InvalidOperationException($"{doing}: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(SafeFileHandle socket, byte* address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle descriptor, nuint request, byte* argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(SafeFileHandle descriptor, byte* buffer, nint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(SafeFileHandle descriptor, byte* buffer, nint length);
}
