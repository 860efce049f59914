using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VpnConfinement.Verify;

namespace VpnConfinement.Linux.Verify;

/// <summary>Sends canaries from the calling thread's netns, and waits for nobody.</summary>
internal static class CanarySender
{
    /// <summary>Sends one.</summary>
    /// <param name="canary">The canary.</param>
    /// <param name="hops">How many routers may pass it on; null for the kernel's own number.</param>
    /// <returns><see cref="CanaryTrial.Sent"/>, or why it was refused.</returns>
    internal static string Send(Canary canary, short? hops = null)
    {
        try
        {
            using var socket = Open(canary);
            if (hops is { } number)
            {
                socket.Ttl = number;
            }

            socket.Blocking = false;
            var target = new IPEndPoint(canary.Address, canary.Port);
            if (canary.Kind is CanaryKind.Tcp)
            {
                socket.Connect(target);
            }
            else
            {
                socket.SendTo(canary.Payload(), target);
            }

            return CanaryTrial.Sent;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // The first packet of the connection is on its way.
            return CanaryTrial.Sent;
        }
        catch (SocketException e)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{e.SocketErrorCode}");
        }
    }

    private static Socket Open(Canary canary)
    {
        var family = canary.Address.AddressFamily;
        var echo = family == AddressFamily.InterNetwork ? ProtocolType.Icmp : ProtocolType.IcmpV6;
        return canary.Kind switch
        {
            CanaryKind.Udp or CanaryKind.Dns => new Socket(family, SocketType.Dgram, ProtocolType.Udp),
            CanaryKind.Tcp => new Socket(family, SocketType.Stream, ProtocolType.Tcp),
            CanaryKind.Icmp => new Socket(family, SocketType.Dgram, echo),
            CanaryKind.RawIcmp => new Socket(family, SocketType.Raw, echo),
            _ => throw new InvalidOperationException("a canary of an unknown kind"),
        };
    }
}
