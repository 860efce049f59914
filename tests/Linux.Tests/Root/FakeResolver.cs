using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Namespaces;

namespace VpnConfinement.Linux.Tests.Root;

/// <summary>Answers every question for an IPv4 address with what it is told to, or not at all.</summary>
internal sealed class FakeResolver : IDisposable
{
    private readonly Socket _socket;
    private volatile string? _answer;
    private volatile int _asked;

    internal FakeResolver(SafeFileHandle netns)
    {
        _socket = NetnsThread.Run(netns, () =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 53));
            return socket;
        });
        new Thread(Serve) { IsBackground = true }.Start();
    }

    /// <summary>An address; "none" for no such name; null for silence.</summary>
    internal string? Answer
    {
        get => _answer;
        set => _answer = value;
    }

    /// <summary>Questions with this text in the name are not answered.</summary>
    internal string Silent { get; set; } = "(none)";

    /// <summary>How many questions came.</summary>
    internal int Asked => _asked;

    public void Dispose() => _socket.Dispose();

    private void Serve()
    {
        var buffer = new byte[512];
        try
        {
            while (true)
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                var question = buffer[.._socket.ReceiveFrom(buffer, ref from)];
                _asked++;
                if (_answer is { } answer && !System.Text.Encoding.ASCII.GetString(question).Contains(Silent, StringComparison.Ordinal))
                {
                    _socket.SendTo(Reply(question, answer), from);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private static byte[] Reply(byte[] question, string answer)
    {
        var isA = question[^3] == 1;
        var found = isA && answer != "none";
        byte[] record = found ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, .. IPAddress.Parse(answer).GetAddressBytes()] : [];
        return [question[0], question[1], 0x81, (byte)(answer == "none" ? 0x83 : 0x80), 0, 1, 0, (byte)(found ? 1 : 0), 0, 0, 0, 0, .. question[12..], .. record];
    }
}
