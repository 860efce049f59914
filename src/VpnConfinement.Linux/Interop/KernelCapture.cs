using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Compile.Frames;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Interop;

/// <summary>Checked system calls of a packet capture (packet(7)).</summary>
internal static unsafe class KernelCapture
{
    // struct sockaddr_ll: family, protocol (network order), interface index at 4.
    private const int AddressLength = 20;
    private const int IndexAt = 4;
    private const int NameLength = 16;

    // Beside a flood that the filter lets through.
    private const int BufferBytes = 8 << 20;

    /// <summary>
    /// Watches every link of the calling thread's netns, those that come later included. The filter is there before the
    /// first packet is. Packets begin with their IP header.
    /// </summary>
    internal static SafeFileHandle Open(IReadOnlyList<FilterInstruction> filter)
    {
        var socket = KernelSocket.Open(AF_PACKET, SOCK_DGRAM, 0, "open a packet capture");
        try
        {
            KernelSocket.SetOption(
                socket, SOL_SOCKET, SO_RCVBUFFORCE, BitConverter.GetBytes(BufferBytes), "size a packet capture");
            Attach(socket, filter);
            Span<byte> address = stackalloc byte[AddressLength];
            address.Clear();
            BinaryPrimitives.WriteUInt16LittleEndian(address, AF_PACKET);
            BinaryPrimitives.WriteUInt16BigEndian(address[2..], ETH_P_ALL);
            fixed (byte* start = address)
            {
                Kernel.Check(Libc.bind(socket, start, address.Length), "begin a packet capture");
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Takes a packet that waits there.</summary>
    /// <param name="capture">The capture.</param>
    /// <param name="buffer">Takes the packet, cut to its length.</param>
    /// <param name="link">Index of the link.</param>
    /// <returns>The number of bytes, or null where none waits.</returns>
    internal static int? Take(SafeFileHandle capture, Span<byte> buffer, out int link)
    {
        Span<byte> address = stackalloc byte[AddressLength];
        while (true)
        {
            var length = address.Length;
            nint count;
            fixed (byte* start = buffer)
            fixed (byte* from = address)
            {
                count = Libc.recvfrom(capture, start, buffer.Length, MSG_DONTWAIT, from, &length);
            }

            link = MemoryMarshal.Read<int>(address[IndexAt..]);
            if (count >= 0)
            {
                return (int)count;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.EAGAIN:
                    return null;
                case Errno.EINTR or Errno.ENETDOWN:
                    // A link that is watched went away; the others are watched on.
                    continue;
                case var errno:
                    throw new SystemFailure("read a packet capture", errno);
            }
        }
    }

    /// <summary>Packets that the kernel could not hand over since this was last asked.</summary>
    internal static uint Dropped(SafeFileHandle capture)
    {
        // struct tpacket_stats: packets, then drops.
        var statistics = stackalloc uint[2];
        var length = 2 * sizeof(uint);
        Kernel.Check(
            Libc.getsockopt(capture, SOL_PACKET, PACKET_STATISTICS, statistics, &length), "ask what a capture dropped");
        return statistics[1];
    }

    /// <summary>Name of a link of the calling thread's netns; its number where it is gone.</summary>
    internal static string NameOf(int link)
    {
        var name = stackalloc byte[NameLength];
        return Libc.if_indextoname((uint)link, name) is null
            ? $"link {link}"
            : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
    }

    // struct sock_fprog: a length, and behind padding a pointer; struct sock_filter is the instruction's own form.
    private static void Attach(SafeFileHandle socket, IReadOnlyList<FilterInstruction> filter)
    {
        var program = new byte[filter.Count * 8];
        for (var i = 0; i < filter.Count; i++)
        {
            var at = program.AsSpan(i * 8);
            MemoryMarshal.Write(at, filter[i].Code);
            at[2] = filter[i].True;
            at[3] = filter[i].False;
            MemoryMarshal.Write(at[4..], filter[i].Value);
        }

        fixed (byte* start = program)
        {
            Span<byte> header = stackalloc byte[16];
            header.Clear();
            MemoryMarshal.Write(header, (ushort)filter.Count);
            MemoryMarshal.Write(header[8..], (nint)start);
            KernelSocket.SetOption(socket, SOL_SOCKET, SO_ATTACH_FILTER, header, "filter a packet capture");
        }
    }
}
