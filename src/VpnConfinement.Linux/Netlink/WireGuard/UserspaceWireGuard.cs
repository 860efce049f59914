using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Netlink.WireGuard;

/// <summary>A device of a userspace WireGuard, by its socket. One request has one connection.</summary>
internal sealed class UserspaceWireGuard(string name) : IWireGuard
{
    private const int LargestAnswer = 64 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The socket of the device that has, or had at its birth, that name.</summary>
    internal static string SocketPath(string name) => $"/var/run/wireguard/{name}.sock";

    /// <summary>Whether somebody answers there. A program that is ending may still take a connection, so it is asked.</summary>
    internal static bool IsAlive(string name)
    {
        try
        {
            using var device = new UserspaceWireGuard(name);
            device.Read().Dispose();
            return true;
        }
        catch (SystemFailure)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public WireGuardDevice Read()
    {
        var answer = Ask(UapiText.Get);
        try
        {
            return UapiText.Parse(answer);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(answer);
        }
    }

    /// <inheritdoc/>
    public void Apply(WireGuardConfig config, WireGuardDevice current)
    {
        var request = UapiText.Set(config, current.Removed(config));
        try
        {
            Request(request);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(request);
        }
    }

    /// <inheritdoc/>
    public void SetEndpoint(PublicKey publicKey, IPEndPoint endpoint) => Request(UapiText.SetEndpoint(publicKey, endpoint));

    /// <inheritdoc/>
    public void Dispose()
    {
        // each request has its own connection
    }

    private void Request(ReadOnlySpan<byte> request)
    {
        var answer = System.Text.Encoding.ASCII.GetString(Ask(request));
        if (answer != "errno=0\n\n")
        {
            throw long.TryParse(answer.Replace("errno=", "", StringComparison.Ordinal).Trim(), out var number)
                ? new SystemFailure("configure the userspace WireGuard device", (int)Math.Min(Math.Abs(number), 4095))
                : UapiText.Malformed();
        }
    }

    private byte[] Ask(ReadOnlySpan<byte> request)
    {
        var text = new byte[16 * 1024];
        var length = 0;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            {
                ReceiveTimeout = (int)Patience.TotalMilliseconds,
                SendTimeout = (int)Patience.TotalMilliseconds,
            };
            socket.Connect(new UnixDomainSocketEndPoint(SocketPath(name)));
            while (!request.IsEmpty)
            {
                request = request[socket.Send(request)..];
            }

            while (!text.AsSpan(0, length).EndsWith("\n\n"u8))
            {
                text = Grown(text, length);
                var count = socket.Receive(text.AsSpan(length));
                length += count;
                if (count == 0 || length > LargestAnswer)
                {
                    throw UapiText.Malformed();
                }
            }

            return text[..length];
        }
        catch (SocketException e)
        {
            throw new SystemFailure($"cannot speak to the userspace WireGuard at {SocketPath(name)}: {e.Message}", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static byte[] Grown(byte[] text, int length)
    {
        if (length < text.Length)
        {
            return text;
        }

        var larger = new byte[text.Length * 2];
        text.CopyTo(larger, 0);
        CryptographicOperations.ZeroMemory(text);
        return larger;
    }
}
