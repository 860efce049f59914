using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using VpnConfinement.Linux.Apply;

namespace VpnConfinement.Linux.Doctor;

/// <summary>A request whose packet has the size that is wanted, and the form of its answer.</summary>
/// <param name="server">Who is asked.</param>
/// <param name="isEcho">
/// Whether it is an echo request (RFC 792, RFC 4443), whose answer is as large; else a question for the servers of the
/// root zone that is padded (RFC 7830), whose answer is small.
/// </param>
internal sealed class RoomRequest(IPAddress server, bool isEcho)
{
    // Of the IP header without options, and of UDP's.
    private const int HeaderIPv4 = 20;
    private const int HeaderIPv6 = 40;
    private const int HeaderUdp = 8;
    private const int HeaderEcho = 8;

    // RFC 792, RFC 4443.
    private const byte EchoIPv4 = 8;
    private const byte EchoReplyIPv4 = 0;
    private const byte EchoIPv6 = 128;
    private const byte EchoReplyIPv6 = 129;

    private const int DnsPort = 53;

    // OPT, with room for an answer of 1232 bytes; then the option for padding (RFC 6891, RFC 7830).
    private static readonly byte[] Opt = [0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0];
    private const byte PaddingOption = 12;

    private readonly bool _isIPv6 = server.AddressFamily is AddressFamily.InterNetworkV6;

    /// <summary>In words.</summary>
    internal string Words => $"{(isEcho ? "echo requests" : "questions")} to {server}";

    /// <summary>A socket for it, which is not connected yet.</summary>
    internal Socket Open() => isEcho
        ? new Socket(server.AddressFamily, SocketType.Raw, _isIPv6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp)
        : new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);

    /// <summary>Where its socket is connected to.</summary>
    internal IPEndPoint Target => new(server, isEcho ? 0 : DnsPort);

    /// <summary>What is sent.</summary>
    /// <param name="size">Bytes of the whole packet, its IP header included.</param>
    /// <param name="session">Two bytes that tell it from the requests of other programs.</param>
    /// <param name="number">Tells it from others of the same socket.</param>
    internal byte[] Message(int size, ushort session, ushort number)
    {
        var length = size - (_isIPv6 ? HeaderIPv6 : HeaderIPv4);
        return isEcho ? Echo(length, session, number) : Question(length - HeaderUdp, session, number);
    }

    /// <summary>The number of the request that a datagram answers; null where it is no answer.</summary>
    /// <param name="datagram">What was received; hostile.</param>
    /// <param name="session">As in <see cref="Message"/>.</param>
    internal ushort? Answered(ReadOnlySpan<byte> datagram, ushort session)
    {
        if (!isEcho)
        {
            // Its two bytes are both the session and the number.
            return datagram.Length >= 2 && BinaryPrimitives.ReadUInt16BigEndian(datagram) is var id
                && ResolverQuestion.IsAnswer(datagram, datagram[..2])
                ? (ushort)(id - session)
                : null;
        }

        // A raw socket gets the header of IPv4, and not that of IPv6 (raw(7), ipv6(7)).
        var start = _isIPv6 ? 0 : datagram.IsEmpty ? 0 : (datagram[0] & 0xf) * 4;
        return datagram.Length >= start + HeaderEcho
            && datagram[start] == (_isIPv6 ? EchoReplyIPv6 : EchoReplyIPv4)
            && BinaryPrimitives.ReadUInt16BigEndian(datagram[(start + 4)..]) == session
            ? BinaryPrimitives.ReadUInt16BigEndian(datagram[(start + 6)..])
            : null;
    }

    private byte[] Echo(int length, ushort session, ushort number)
    {
        var message = new byte[length];
        message[0] = _isIPv6 ? EchoIPv6 : EchoIPv4;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), session);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), number);
        if (!_isIPv6)
        {
            // The kernel does it for ICMPv6 alone (RFC 3542, section 3.1).
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum(message));
        }

        return message;
    }

    private static byte[] Question(int length, ushort session, ushort number)
    {
        var message = new byte[length];
        var question = ResolverQuestion.Message([(byte)((session + number) >> 8), (byte)(session + number)]);
        question.CopyTo(message, 0);
        message[11] = 1; // one more record: OPT
        Opt.CopyTo(message, question.Length);
        var at = question.Length + Opt.Length;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at), (ushort)(length - at - 2));
        message[at + 3] = PaddingOption;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at + 4), (ushort)(length - at - 6));
        return message;
    }

    // RFC 1071; what it covers has an even length, or a zero after it.
    private static ushort Checksum(ReadOnlySpan<byte> message)
    {
        uint sum = 0;
        for (var i = 0; i < message.Length; i++)
        {
            sum += (uint)(message[i] << (i % 2 == 0 ? 8 : 0));
        }

        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
