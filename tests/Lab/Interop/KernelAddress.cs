using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace VpnConfinement.Lab.Interop;

/// <summary>Writes sockaddr_in, sockaddr_in6 and sockaddr_ll.</summary>
internal static class KernelAddress
{
    public static int Family(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? Libc.AF_INET6 : Libc.AF_INET;

    public static byte[] Internet(IPAddress address, int port)
    {
        var isSix = address.AddressFamily == AddressFamily.InterNetworkV6;
        var bytes = new byte[isSix ? 28 : 16];
        BitConverter.TryWriteBytes(bytes, (ushort)(isSix ? Libc.AF_INET6 : Libc.AF_INET));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)port);
        address.GetAddressBytes().CopyTo(bytes, isSix ? 8 : 4);
        return bytes;
    }

    public static byte[] Packet(ushort protocol, int interfaceIndex)
    {
        var bytes = new byte[20];
        BitConverter.TryWriteBytes(bytes, (ushort)Libc.AF_PACKET);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), protocol);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), interfaceIndex);
        return bytes;
    }
}
