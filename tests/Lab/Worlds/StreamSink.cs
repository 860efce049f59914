using System.Net;

namespace VpnConfinement.Lab.Worlds;

/// <summary>Takes what long connections send to a port of the web server, and counts it.</summary>
public sealed class StreamSink : IDisposable
{
    private readonly TcpService _service;
    private long _received;
    private int _connections;

    public StreamSink(World world, int port) => _service = new TcpService(world.Internet, new IPEndPoint(Addresses.Web, port), async (stream, _) =>
    {
        Interlocked.Increment(ref _connections);
        var buffer = new byte[65536];
        while (await stream.ReadAsync(buffer) is > 0 and var count)
        {
            Interlocked.Add(ref _received, count);
        }
    }, Timeout.InfiniteTimeSpan);

    public long Received => Interlocked.Read(ref _received);

    /// <summary>How many there were, from the beginning.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public void Dispose() => _service.Dispose();
}
