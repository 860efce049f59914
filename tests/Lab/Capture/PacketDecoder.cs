using System.Buffers.Binary;
using System.Net;

namespace VpnConfinement.Lab.Capture;

/// <summary>Decodes network-layer packets. Whatever is cut short or out of the ordinary stays Unknown, which no check lets pass.</summary>
internal static class PacketDecoder
{
    private const ushort EtherIpv4 = 0x0800;
    private const ushort EtherArp = 0x0806;
    private const ushort EtherIpv6 = 0x86dd;

    public static Packet Decode(string link, bool outgoing, ushort etherType, ReadOnlySpan<byte> data)
    {
        var unknown = new Packet(link, outgoing, PacketKind.Unknown, null, 0, null, 0, 0, data.Length) { EtherType = etherType };
        return etherType switch
        {
            EtherArp when data.Length >= 28 => unknown with
            {
                Kind = PacketKind.Arp,
                Source = new IPAddress(data[14..18]),
                Destination = new IPAddress(data[24..28]),
            },
            EtherIpv4 => DecodeFour(unknown, data),
            EtherIpv6 => DecodeSix(unknown, data),
            _ => unknown,
        };
    }

    private static Packet DecodeFour(Packet unknown, ReadOnlySpan<byte> data)
    {
        if (data.Length < 20 || data[0] >> 4 != 4)
        {
            return unknown;
        }

        var addressed = unknown with { Source = new IPAddress(data[12..16]), Destination = new IPAddress(data[16..20]), Protocol = data[9], TimeToLive = data[8] };
        var header = (data[0] & 15) * 4;
        var isFragment = (BinaryPrimitives.ReadUInt16BigEndian(data[6..]) & 0x3fff) != 0;
        return isFragment || header < 20 || data.Length < header ? addressed : WithTransport(addressed, data[9], data[header..]);
    }

    private static Packet DecodeSix(Packet unknown, ReadOnlySpan<byte> data)
    {
        if (data.Length < 40 || data[0] >> 4 != 6)
        {
            return unknown;
        }

        var addressed = unknown with { Source = new IPAddress(data[8..24]), Destination = new IPAddress(data[24..40]), TimeToLive = data[7] };
        var next = data[6];
        var rest = data[40..];
        if (next == 0 && rest.Length >= 8 && rest.Length >= 8 + (rest[1] * 8))
        {
            // A hop-by-hop header with a router alert precedes every MLD report (RFC 3810, section 5).
            next = rest[0];
            rest = rest[(8 + (rest[1] * 8))..];
        }

        return WithTransport(addressed with { Protocol = next }, next, rest);
    }

    private static Packet WithTransport(Packet packet, byte protocol, ReadOnlySpan<byte> data) => protocol switch
    {
        17 when data.Length >= 8 => WithPorts(packet, PacketKind.Udp, data),
        6 when data.Length >= 20 => WithPorts(packet, PacketKind.Tcp, data),
        1 when data.Length >= 8 => packet with
        {
            Kind = PacketKind.Icmp,
            SourcePort = data[0],
            DestinationPort = data[1],
            Quoted = data[0] is 3 or 11 ? Decode(packet.Interface, packet.Outgoing, EtherIpv4, data[8..]) : null,
        },
        58 when data.Length >= 4 => packet with { Kind = PacketKind.Icmp6, SourcePort = data[0], DestinationPort = data[1] },
        _ => packet with { Kind = PacketKind.Other },
    };

    private static Packet WithPorts(Packet packet, PacketKind kind, ReadOnlySpan<byte> data) => packet with
    {
        Kind = kind,
        SourcePort = BinaryPrimitives.ReadUInt16BigEndian(data),
        DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(data[2..]),
    };
}
