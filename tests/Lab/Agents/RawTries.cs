using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using VpnConfinement.Lab.Interop;

namespace VpnConfinement.Lab.Agents;

/// <summary>Packets made by hand: from raw sockets, and as frames past the network layer.</summary>
internal static class RawTries
{
    private const int SourcePort = 47999;
    private static readonly byte[] Everybody = [255, 255, 255, 255, 255, 255];

    public static string Raw(AgentRequest request)
    {
        var address = IPAddress.Parse(request.Address);
        using var socket = new TrySocket(KernelAddress.Family(address), Libc.SOCK_RAW, request.Protocol, request.Device);
        if (request.Mark != 0)
        {
            socket.Mark(request.Mark);
        }

        if (request.Source.Length > 0)
        {
            socket.IncludeHeader();
        }

        socket.SendTo(request.Source.Length > 0 ? Packet(request) : Transport(request.Protocol, request.Port), address, 0);
        return "";
    }

    public static string Frame(AgentRequest request)
    {
        using var socket = new TrySocket(Libc.AF_PACKET, Libc.SOCK_DGRAM, 0, "");
        var index = Libc.InterfaceIndex(request.Device);
        if (index == 0)
        {
            throw new TryFailedException("find the link", "ENODEV");
        }

        var (packet, protocol) = Payload(request);
        socket.SendTo(packet, KernelAddress.Packet(protocol, (int)index, request.Flood ? Everybody : Neighbour(request.Device)));
        return "";
    }

    private static (byte[] Packet, ushort Protocol) Payload(AgentRequest request) => request.EtherType switch
    {
        0 when KernelAddress.Family(IPAddress.Parse(request.Address)) == Libc.AF_INET6 => (Packet6(request), Libc.ETH_P_IPV6),
        0 => (Packet(request), Libc.ETH_P_IP),
        Libc.ETH_P_ARP => (Question(request), Libc.ETH_P_ARP),
        // VLAN 7, and in it a packet.
        Libc.ETH_P_8021Q => ([0, 7, Libc.ETH_P_IP >> 8, Libc.ETH_P_IP & 0xff, .. Packet(request)], Libc.ETH_P_8021Q),
        _ => (new byte[46], request.EtherType),
    };

    // Who has the address (RFC 826)?
    private static byte[] Question(AgentRequest request) =>
    [
        0, 1, 8, 0, 6, 4, 0, 1,
        .. NetworkInterface.GetAllNetworkInterfaces().Single(link => link.Name == request.Device).GetPhysicalAddress().GetAddressBytes(),
        .. IPAddress.Parse(request.Source).GetAddressBytes(), 0, 0, 0, 0, 0, 0, .. IPAddress.Parse(request.Address).GetAddressBytes(),
    ];

    // Only a frame that is addressed to the other end's own address is taken up and might be passed on by it.
    private static byte[] Neighbour(string link)
    {
        // IP address, HW type, Flags, HW address, Mask, Device
        var known = File.ReadLines("/proc/net/arp").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(words => words is [_, _, not "0x0", _, _, var device] && device == link);
        return known is null ? Everybody : Convert.FromHexString(known[3].Replace(":", "", StringComparison.Ordinal));
    }

    private static byte[] Packet(AgentRequest request)
    {
        var transport = Transport(request.Protocol, request.Port);
        var packet = new byte[20 + transport.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = (byte)request.Protocol;
        IPAddress.Parse(request.Source).GetAddressBytes().CopyTo(packet, 12);
        IPAddress.Parse(request.Address).GetAddressBytes().CopyTo(packet, 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Checksum(packet.AsSpan(0, 20)));
        if (request.Protocol == Libc.IPPROTO_TCP)
        {
            // Over both addresses, protocol and length as well (RFC 9293, section 3.1): a host looks at nothing that fails it.
            byte[] summed = [.. packet.AsSpan(12, 8), 0, Libc.IPPROTO_TCP, 0, (byte)transport.Length, .. transport];
            BinaryPrimitives.WriteUInt16BigEndian(transport.AsSpan(16), Checksum(summed));
        }

        transport.CopyTo(packet, 20);
        return packet;
    }

    // Whoever passes it on looks at no checksum of what is in it.
    private static byte[] Packet6(AgentRequest request)
    {
        var transport = Transport(request.Protocol, request.Port);
        return [0x60, 0, 0, 0, 0, (byte)transport.Length, (byte)request.Protocol, 64, .. IPAddress.Parse(request.Source).GetAddressBytes(), .. IPAddress.Parse(request.Address).GetAddressBytes(), .. transport];
    }

    // Every protocol with ports has them first. TCP: a SYN. UDP: its length, and no checksum. The others are taken as they come.
    private static byte[] Transport(int protocol, int port)
    {
        var data = new byte[20];
        BinaryPrimitives.WriteUInt16BigEndian(data, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(2), (ushort)port);
        switch (protocol)
        {
            case Libc.IPPROTO_TCP:
                data[12] = 5 << 4;
                data[13] = 2;
                break;
            case Libc.IPPROTO_UDP:
                BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(4), (ushort)data.Length);
                break;
            case Libc.IPPROTO_ICMP or Libc.IPPROTO_ICMPV6:
                data.AsSpan().Clear();
                data[0] = (byte)(protocol == Libc.IPPROTO_ICMP ? 8 : 128);
                BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(2), Checksum(data));
                break;
            default:
                break;
        }

        return data;
    }

    private static ushort Checksum(ReadOnlySpan<byte> data)
    {
        var sum = 0u;
        for (var at = 0; at + 1 < data.Length; at += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(data[at..]);
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
