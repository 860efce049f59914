using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VpnConfinement.Lab.Interop;

/// <summary>Writes sockaddr_in, sockaddr_in6, sockaddr_ll and sockaddr_un.</summary>
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
        if (isSix)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(24), (uint)address.ScopeId);
        }

        return bytes;
    }

    /// <summary>A path, or with a leading @ a name that is in no file system.</summary>
    public static byte[] Unix(string path)
    {
        var name = Encoding.UTF8.GetBytes(path);
        if (path.StartsWith('@'))
        {
            name[0] = 0;
        }

        byte[] bytes = [0, 0, .. name];
        BitConverter.TryWriteBytes(bytes, (ushort)Libc.AF_UNIX);
        return bytes;
    }

    public static byte[] Packet(ushort protocol, int interfaceIndex, ReadOnlySpan<byte> hardwareAddress = default)
    {
        var bytes = new byte[20];
        bytes[11] = (byte)hardwareAddress.Length;
        hardwareAddress.CopyTo(bytes.AsSpan(12));
        BitConverter.TryWriteBytes(bytes, (ushort)Libc.AF_PACKET);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), protocol);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), interfaceIndex);
        return bytes;
    }
}
