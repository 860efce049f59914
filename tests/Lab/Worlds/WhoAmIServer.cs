using System.Net;
using System.Net.Sockets;
using System.Text;
using VpnConfinement.Lab.Interop;

namespace VpnConfinement.Lab.Worlds;

/// <summary>A web server that answers every request with the caller's address, like a what-is-my-address page.</summary>
public sealed class WhoAmIServer : IDisposable
{
    private readonly TcpService _service;

    internal WhoAmIServer(NetworkNamespace place, IPEndPoint address) => _service = new TcpService(place, address, ServeAsync);

    public void Dispose() => _service.Dispose();

    private static async Task ServeAsync(NetworkStream stream, EndPoint caller)
    {
        _ = await stream.ReadAsync(new byte[4096]);
        var body = ((IPEndPoint)caller).Address.ToString();
        var reply = $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(reply));
    }
}
