using System.Net;
using System.Net.Sockets;
using VpnConfinement.Lab.Interop;
using VpnConfinement.Lab.Machines;

namespace VpnConfinement.Lab.Worlds;

/// <summary>Listens in a network namespace and serves each connection with one function.</summary>
internal sealed class TcpService : IDisposable
{
    private readonly Socket _listener;
    private readonly Func<NetworkStream, EndPoint, Task> _serve;
    private readonly TimeSpan _patience;

    public TcpService(NetworkNamespace place, IPEndPoint address, Func<NetworkStream, EndPoint, Task> serve, TimeSpan? patience = null)
    {
        _patience = patience ?? LabHost.Patience(5);
        _serve = serve;
        _listener = Sockets.Open(place, address.AddressFamily, SocketType.Stream);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(address);
        _listener.Listen(64);
        _ = AcceptAsync();
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var connection = await _listener.AcceptAsync();
                _ = ServeAsync(connection);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted or SocketError.InvalidArgument)
            {
                return;
            }
            catch (SocketException)
            {
                // The caller hung up before it was accepted.
            }
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        using var stream = new NetworkStream(connection, ownsSocket: true);
        try
        {
            await _serve(stream, connection.RemoteEndPoint!).WaitAsync(_patience);
        }
        catch (Exception e) when (e is IOException or SocketException or TimeoutException or ObjectDisposedException)
        {
            // A caller that hangs up or stalls is its own concern; its check sees it.
        }
    }
}
