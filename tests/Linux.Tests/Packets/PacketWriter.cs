using System.Buffers.Binary;
using System.Net;
using VpnConfinement.Linux.Tests.Policy;

namespace VpnConfinement.Linux.Tests.Packets;

/// <summary>Writes the bytes of a packet that fits a description, with a tag in its payload by which it is known again.</summary>
internal static class PacketWriter
{
    internal const byte Icmp = 1, IpIp = 4, Tcp = 6, Udp = 17, Dccp = 33, SixInFour = 41, Gre = 47, Esp = 50, IcmpV6 = 58, Sctp = 132, UdpLite = 136;

    /// <summary>The whole datagram.</summary>
    /// <param name="packet">What it is.</param>
    /// <param name="sourcePort">Source port, or the identifier of an ICMP query.</param>
    /// <param name="tag">Goes into the payload.</param>
    /// <param name="about">For an ICMP error: the packet it is about.</param>
    internal static byte[] Write(PacketDescription packet, ushort sourcePort, byte[] tag, byte[]? about = null) =>
        Ip(packet.Source, packet.Destination, packet.Protocol, Payload(packet, sourcePort, tag, about));

    /// <summary>The datagram in two fragments, the first with the ports and the tag.</summary>
    internal static byte[][] Fragments(PacketDescription packet, ushort sourcePort, byte[] tag)
    {
        var payload = Payload(packet, sourcePort, [.. tag, .. new byte[64]], null);
        const int Cut = 40; // a multiple of 8
        return packet.IsIPv6
            ? [FragmentV6(packet, payload.AsSpan(0, Cut), 1, sourcePort), FragmentV6(packet, payload.AsSpan(Cut), Cut, sourcePort)]
            : [Ip(packet.Source, packet.Destination, packet.Protocol, payload[..Cut], sourcePort, 0x2000), Ip(packet.Source, packet.Destination, packet.Protocol, payload[Cut..], sourcePort, Cut / 8)];
    }

    private static byte[] FragmentV6(PacketDescription packet, ReadOnlySpan<byte> part, ushort offsetAndMore, ushort id)
    {
        var bytes = new byte[8 + part.Length];
        bytes[0] = packet.Protocol;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), offsetAndMore);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), id);
        part.CopyTo(bytes.AsSpan(8));
        return Ip(packet.Source, packet.Destination, 44, bytes);
    }

    private static byte[] Payload(PacketDescription packet, ushort sourcePort, byte[] tag, byte[]? about)
    {
        var head = packet.Protocol switch
        {
            Tcp => TcpHeader(packet),
            Udp or UdpLite => new byte[8],
            Sctp => SctpInit(tag.Length),
            Dccp => DccpRequest(),
            Icmp or IcmpV6 => [packet.IcmpType, (byte)(packet is { Protocol: Icmp, IcmpType: 3 } ? 4 : 0), 0, 0, 0, 0, 0, 0],
            Gre => [0, 0, 8, 0],
            Esp => [0, 0, 0, 53, 0, 0, 0, 1], // where others have a port it has what is not one
            _ => [],
        };
        byte[] bytes = [.. head, .. about ?? [], .. tag];
        if (packet.Protocol is Tcp or Udp or UdpLite or Sctp or Dccp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, sourcePort);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), packet.DestinationPort);
        }

        switch (packet.Protocol)
        {
            case Udp or UdpLite:
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), (ushort)bytes.Length);
                bytes[7] = packet.Protocol == UdpLite ? (byte)1 : (byte)0; // none at all is malformed (RFC 3828, 3.1)
                break;
            case Icmp when about is null:
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), sourcePort);
                break;
            case IcmpV6 when about is null:
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), sourcePort);
                goto case IcmpV6;
            case IcmpV6: // the one checksum that a raw socket looks at
                byte[] pseudo = [.. packet.Source.GetAddressBytes(), .. packet.Destination.GetAddressBytes(), 0, 0, (byte)(bytes.Length >> 8), (byte)bytes.Length, 0, 0, 0, IcmpV6, .. bytes];
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), Checksum(pseudo));
                break;
            default:
                break;
        }

        return bytes;
    }

    private static byte[] TcpHeader(PacketDescription packet)
    {
        var bytes = new byte[20];
        // Sequence numbers that fit a flow whose both sides began at 1000.
        var begins = (packet.Flags & TcpControl.Syn) != 0;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), begins ? 1000u : 1001u);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), (packet.Flags & TcpControl.Ack) != 0 ? 1001u : 0u);
        bytes[12] = 5 << 4;
        bytes[13] = (byte)packet.Flags;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(14), 65535);
        return bytes;
    }

    // Common header, and an INIT chunk that takes in the tag (RFC 9260, 3.3.2).
    private static byte[] SctpInit(int tagLength)
    {
        var bytes = new byte[32];
        bytes[12] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(14), (ushort)(20 + tagLength));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), 77);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(20), 65536);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(24), 1);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(26), 1);
        return bytes;
    }

    // RFC 4340, 5.2: offset 5 words, extended sequence numbers, type Request.
    private static byte[] DccpRequest()
    {
        var bytes = new byte[20];
        bytes[4] = 5;
        bytes[8] = 1;
        return bytes;
    }

    private static byte[] Ip(IPAddress source, IPAddress destination, byte protocol, byte[] payload, ushort id = 0, ushort fragment = 0)
    {
        var from = source.GetAddressBytes();
        var to = destination.GetAddressBytes();
        if (from.Length == 16)
        {
            return [0x60, 0, 0, 0, (byte)(payload.Length >> 8), (byte)payload.Length, protocol, 64, .. from, .. to, .. payload];
        }

        var length = 20 + payload.Length;
        byte[] bytes = [0x45, 0, (byte)(length >> 8), (byte)length, (byte)(id >> 8), (byte)id, (byte)(fragment >> 8), (byte)fragment, 64, protocol, 0, 0, .. from, .. to, .. payload];
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), Checksum(bytes.AsSpan(0, 20)));
        return bytes;
    }

    // RFC 1071.
    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i += 2)
        {
            sum += (uint)(bytes[i] << 8) | (i + 1 < bytes.Length ? bytes[i + 1] : 0u);
        }

        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }
}
