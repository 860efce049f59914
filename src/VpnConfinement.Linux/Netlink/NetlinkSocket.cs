using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using static VpnConfinement.Linux.Interop.LibcConstants;
using static VpnConfinement.Linux.Interop.NetlinkConstants;

namespace VpnConfinement.Linux.Netlink;

/// <summary>
/// One netlink socket. It acts in the netns in which it was opened, from whatever thread it is used. One request at a time; each is
/// acknowledged, and the kernel's own words (NETLINK_EXT_ACK) are part of the failure.
/// </summary>
internal sealed class NetlinkSocket : IDisposable
{
    private const int DumpAttempts = 20;

    // What any kernel's own bound lets through (net.core.wmem_default is 212,992).
    private const int UsualSend = 128 * 1024;

    private readonly SafeFileHandle _socket;
    private readonly byte[] _receive = new byte[64 * 1024];
    private uint _sequence;

    private NetlinkSocket(int protocol)
    {
        _socket = KernelSocket.Open(AF_NETLINK, SOCK_RAW, protocol, "open a netlink socket");
        ReadOnlySpan<byte> on = [1, 0, 0, 0];
        KernelSocket.SetOption(_socket, SOL_NETLINK, NETLINK_EXT_ACK, on, "ask netlink for its messages");
        KernelSocket.SetOption(_socket, SOL_NETLINK, NETLINK_CAP_ACK, on, "ask netlink for short acknowledgements");

        // The kernel answers at once; ten seconds (struct timeval) only keep a broken one from holding a unit for ever.
        Span<byte> timeout = stackalloc byte[16];
        timeout.Clear();
        MemoryMarshal.Write(timeout, 10L);
        KernelSocket.SetOption(_socket, SOL_SOCKET, SO_RCVTIMEO, timeout, "set a time limit on netlink");
    }

    /// <summary>Opens one in the caller's netns.</summary>
    /// <param name="protocol"><c>NETLINK_ROUTE</c> or another family.</param>
    internal static NetlinkSocket OpenHere(int protocol) => new(protocol);

    /// <summary>Opens one in another netns.</summary>
    internal static NetlinkSocket OpenIn(SafeFileHandle netns, int protocol) => NetnsThread.Run(netns, () => new NetlinkSocket(protocol));

    /// <summary>Has the kernel heed what a list request narrows it to (NETLINK_GET_STRICT_CHK, Linux 4.20); an older one lists all.</summary>
    internal NetlinkSocket Narrowing()
    {
        ReadOnlySpan<byte> on = [1, 0, 0, 0];
        try
        {
            KernelSocket.SetOption(_socket, SOL_NETLINK, NETLINK_GET_STRICT_CHK, on, "ask netlink for narrowed lists");
        }
        catch (SystemFailure e) when (e.Errno == Errno.ENOPROTOOPT)
        {
            // Whoever asks looks at what it gets.
        }

        return this;
    }

    /// <summary>Sends a message and waits until the kernel says that it is done.</summary>
    /// <param name="message">A finished message.</param>
    /// <param name="doing">What it does, for the failure: <c>create link wg0</c>.</param>
    /// <exception cref="SystemFailure">The kernel refused.</exception>
    internal void Execute(Span<byte> message, string doing) => Query<object>(message, doing, static _ => null);

    /// <summary>Sends a question, or with <c>NLM_F_DUMP</c> a list request, and returns what the parser made of the answers.</summary>
    /// <exception cref="SystemFailure">The kernel refused, or a list changed under our eyes too often.</exception>
    internal List<T> Query<T>(Span<byte> message, string doing, MessageParser<T> parser)
        where T : class
    {
        for (var attempt = 0; attempt < DumpAttempts; attempt++)
        {
            var flags = MemoryMarshal.Read<ushort>(message[6..]);
            MemoryMarshal.Write(message[6..], (flags & NLM_F_DUMP) == NLM_F_DUMP ? flags : (ushort)(flags | NLM_F_ACK));
            Send(message, doing);
            if (Collect(doing, parser) is { IsInterrupted: false } answers)
            {
                return answers.Items;
            }
        }

        throw new SystemFailure($"cannot {doing}: the list changed during each of {DumpAttempts} readings");
    }

    /// <summary>
    /// Sends several messages at once, of which one asks for its acknowledgement (<c>NLM_F_ACK</c>), and waits for
    /// that.
    /// </summary>
    /// <param name="messages">Finished messages, one behind another.</param>
    /// <param name="doing">What they do, for the failure.</param>
    /// <exception cref="SystemFailure">The kernel refused.</exception>
    internal void ExecuteBatch(Span<byte> messages, string doing)
    {
        Send(messages, doing);
        Collect<object>(doing, static _ => null);
    }

    /// <summary>
    /// Sends several messages at once and waits for no answer; the kernel has dealt with them when this returns.
    /// </summary>
    internal void Send(Span<byte> messages, string doing)
    {
        _sequence++;
        for (var rest = messages; !rest.IsEmpty; rest = rest[MemoryMarshal.Read<int>(rest)..])
        {
            MemoryMarshal.Write(rest[8..], _sequence);
        }

        if (messages.Length > UsualSend)
        {
            KernelSocket.SetOption(_socket, SOL_SOCKET, SO_SNDBUFFORCE, BitConverter.GetBytes(2 * messages.Length),
                "send much to netlink at once");
        }

        Kernel.SendToKernel(_socket, messages, doing);
    }

    /// <summary>Closes the socket, and wipes what it received: a WireGuard device's answer holds its keys.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        CryptographicOperations.ZeroMemory(_receive);
    }

    /// <summary>Reads answers up to the end of this request's.</summary>
    private NetlinkAnswers<T> Collect<T>(string doing, MessageParser<T> parser)
        where T : class
    {
        var answers = new NetlinkAnswers<T>(_sequence, doing, parser);
        while (!answers.Add(_receive.AsSpan(0, Kernel.ReceiveFromKernel(_socket, _receive, doing))))
        {
        }

        return answers;
    }
}
