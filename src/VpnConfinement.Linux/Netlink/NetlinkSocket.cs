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

    private readonly SafeFileHandle _socket;
    private readonly byte[] _receive = new byte[64 * 1024];
    private uint _sequence;

    private NetlinkSocket(int protocol)
    {
        _socket = Kernel.Socket(AF_NETLINK, SOCK_RAW, protocol, "open a netlink socket");
        ReadOnlySpan<byte> on = [1, 0, 0, 0];
        Kernel.SetOption(_socket, SOL_NETLINK, NETLINK_EXT_ACK, on, "ask netlink for its messages");
        Kernel.SetOption(_socket, SOL_NETLINK, NETLINK_CAP_ACK, on, "ask netlink for short acknowledgements");

        // The kernel answers at once; ten seconds (struct timeval) only keep a broken one from holding a unit for ever.
        Span<byte> timeout = stackalloc byte[16];
        timeout.Clear();
        MemoryMarshal.Write(timeout, 10L);
        Kernel.SetOption(_socket, SOL_SOCKET, SO_RCVTIMEO, timeout, "set a time limit on netlink");
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
            Kernel.SetOption(_socket, SOL_NETLINK, NETLINK_GET_STRICT_CHK, on, "ask netlink for narrowed lists");
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
            Send(message, doing);
            var answers = new List<T>();
            if (Collect(answers, doing, parser))
            {
                return answers;
            }
        }

        throw new SystemFailure($"cannot {doing}: the list changed during each of {DumpAttempts} readings");
    }

    /// <summary>Closes the socket, and wipes what it received: a WireGuard device's answer holds its keys.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        CryptographicOperations.ZeroMemory(_receive);
    }

    private void Send(Span<byte> message, string doing)
    {
        var flags = MemoryMarshal.Read<ushort>(message[6..]);
        if ((flags & NLM_F_DUMP) != NLM_F_DUMP)
        {
            flags |= NLM_F_ACK;
        }

        MemoryMarshal.Write(message[6..], flags);
        MemoryMarshal.Write(message[8..], ++_sequence);
        Kernel.SendToKernel(_socket, message, doing);
    }

    /// <summary>Reads answers up to the end of this request's; false where the kernel says that the list was interrupted.</summary>
    private bool Collect<T>(List<T> answers, string doing, MessageParser<T> parser)
        where T : class
    {
        var whole = true;
        while (true)
        {
            var count = Kernel.ReceiveFromKernel(_socket, _receive, doing);
            var reader = new MessageReader(_receive.AsSpan(0, count));
            while (reader.Next())
            {
                if (reader.Sequence != _sequence)
                {
                    continue; // of a request that failed half-way
                }

                whole &= (reader.Flags & NLM_F_DUMP_INTR) == 0;
                switch (reader.Type)
                {
                    case NLMSG_NOOP:
                        break;
                    case NLMSG_ERROR:
                    case NLMSG_DONE:
                        Acknowledgement.Check(reader.Type, reader.Flags, reader.Payload, doing);
                        return whole;
                    default:
                        if (parser(reader.Payload) is { } answer)
                        {
                            answers.Add(answer);
                        }

                        break;
                }
            }
        }
    }
}
