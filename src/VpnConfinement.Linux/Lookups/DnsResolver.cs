using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Namespaces;

namespace VpnConfinement.Linux.Lookups;

/// <summary>
/// Asks resolvers from inside a netns, and nobody else: the C library's lookup would go through helpers of the host (nscd, resolved), which ask
/// from the host's netns.
/// </summary>
/// <param name="netns">From where to ask.</param>
/// <param name="servers">Whom to ask, in this order.</param>
internal sealed class DnsResolver(SafeFileHandle netns, IReadOnlyList<IPAddress> servers)
{
    private const int Port = 53;
    private const int Attempts = 2;
    private const int Patience = 1200; // milliseconds

    /// <summary>The addresses of a name: of IPv4, or of IPv6 where it has none of IPv4. Empty where it has none at all.</summary>
    /// <exception cref="SystemFailure">No resolver answered.</exception>
    internal IReadOnlyList<IPAddress> LookUp(string name) => LookUp(name, DnsMessage.A) is { Count: > 0 } addresses ? addresses : LookUp(name, DnsMessage.AAAA);

    private IReadOnlyList<IPAddress> LookUp(string name, ushort type)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            foreach (var server in servers)
            {
                if (Ask(server, name, type) is { } addresses)
                {
                    return addresses;
                }
            }
        }

        throw new SystemFailure(servers.Count == 0 ? "there is no resolver to ask" : $"no answer from {string.Join(", ", servers)}");
    }

    private IReadOnlyList<IPAddress>? Ask(IPAddress server, string name, ushort type)
    {
        var question = DnsMessage.Question((ushort)RandomNumberGenerator.GetInt32(65536), name, type);
        var buffer = new byte[4096];
        try
        {
            // Opened inside, used from here; connected, so that only that resolver's answers arrive.
            using var socket = NetnsThread.Run(netns, () => new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
            socket.ReceiveTimeout = Patience;
            socket.Connect(server, Port);
            socket.Send(question);
            var end = Environment.TickCount64 + Patience;
            while (Environment.TickCount64 < end)
            {
                var count = socket.Receive(buffer);
                if (DnsMessage.Answers(buffer.AsSpan(0, count), question) is { } addresses)
                {
                    return addresses;
                }
            }

            return null;
        }
        catch (SocketException)
        {
            return null; // no way to it, refused or silent: the next one is asked
        }
    }
}
