using System.Net.Sockets;
using System.Text;

namespace VpnConfinement.Linux.Systemd;

/// <summary>One message to a daemon that listens on a datagram socket.</summary>
internal static class UnixDatagram
{
    /// <summary>Sends it.</summary>
    /// <param name="path">Path of the socket; one that begins with <c>@</c> is in the abstract namespace (unix(7)).</param>
    /// <param name="text">The message.</param>
    /// <returns>False where nobody took it, or not at once.</returns>
    internal static bool TrySend(string path, string text)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
            socket.SendTo(Encoding.UTF8.GetBytes(text), new UnixDomainSocketEndPoint(path.StartsWith('@') ? '\0' + path[1..] : path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
