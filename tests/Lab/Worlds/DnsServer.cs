using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using VpnConfinement.Lab.Interop;

namespace VpnConfinement.Lab.Worlds;

/// <summary>A resolver that answers every name with the same address or not at all, over UDP and TCP, and remembers what it was asked and by whom.</summary>
public sealed class DnsServer : IDisposable
{
    private readonly Socket _datagrams;
    private readonly TcpService _stream;
    private readonly ConcurrentQueue<DnsQuery> _queries = new();

    internal DnsServer(NetworkNamespace place, IPAddress address, IPAddress answer)
    {
        Answer = answer;
        _datagrams = Sockets.Open(place, address.AddressFamily, SocketType.Dgram);
        _datagrams.Bind(new IPEndPoint(address, 53));
        _stream = new TcpService(place, new IPEndPoint(address, 53), ServeStreamAsync);
        _ = ServeDatagramsAsync();
    }

    /// <summary>What it answers; null for nothing at all.</summary>
    public IPAddress? Answer { get; set; }

    /// <summary>Every query so far, oldest first.</summary>
    public IReadOnlyList<DnsQuery> Queries => [.. _queries];

    public void Dispose()
    {
        _datagrams.Dispose();
        _stream.Dispose();
    }

    private async Task ServeDatagramsAsync()
    {
        var buffer = new byte[1500];
        while (true)
        {
            try
            {
                var got = await _datagrams.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                if (Reply(buffer.AsSpan(0, got.ReceivedBytes), got.RemoteEndPoint, "udp") is { } reply)
                {
                    await _datagrams.SendToAsync(reply, got.RemoteEndPoint);
                }
            }
            catch (SocketException)
            {
                // An ICMP error for an earlier reply: the next query is unaffected.
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeStreamAsync(NetworkStream stream, EndPoint caller)
    {
        var length = new byte[2];
        await stream.ReadExactlyAsync(length);
        var query = new byte[(length[0] << 8) | length[1]];
        await stream.ReadExactlyAsync(query);
        if (Reply(query, caller, "tcp") is { } reply)
        {
            await stream.WriteAsync((byte[])[(byte)(reply.Length >> 8), (byte)reply.Length, .. reply]);
        }
    }

    private byte[]? Reply(ReadOnlySpan<byte> query, EndPoint caller, string protocol)
    {
        _queries.Enqueue(new DnsQuery(DnsMessage.ReadQuestion(query, out _) ?? "?", ((IPEndPoint)caller).Address, protocol));
        return Answer is { } answer ? DnsMessage.Answer(query, answer) : null;
    }
}
