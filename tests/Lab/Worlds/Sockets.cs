using System.Net.Sockets;
using VpnConfinement.Lab.Interop;

namespace VpnConfinement.Lab.Worlds;

/// <summary>Opens .NET sockets that live in another network namespace.</summary>
internal static class Sockets
{
    public static Socket Open(NetworkNamespace place, AddressFamily family, SocketType type)
    {
        var descriptor = place.OpenSocket(
            family == AddressFamily.InterNetworkV6 ? Libc.AF_INET6 : Libc.AF_INET,
            type == SocketType.Dgram ? Libc.SOCK_DGRAM : Libc.SOCK_STREAM,
            0);
        return new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
    }
}
