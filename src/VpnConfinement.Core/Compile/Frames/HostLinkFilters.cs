using System.Buffers.Binary;
using System.Net;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Compile.Frames;

/// <summary>
/// Which frames a host link carries (docs/security.md, S-36; docs/adr/0016). The filters are of the link itself: they
/// hold whatever it is called, whatever it is a port of, and whatever became of the host's nftables. They keep no state
/// and know no other link.
/// </summary>
public static class HostLinkFilters
{
    private const ushort Arp = 0x0806;
    private const ushort IPv4 = 0x0800;
    private const byte Icmp = 1;
    private const byte Tcp = 6;
    private const byte TcpAcknowledgementOrReset = 0x14;

    // Offsets in a frame: Ethernet (14 bytes), then ARP (RFC 826) or IPv4 (RFC 791) without options, then TCP (RFC
    // 9293) or ICMP (RFC 792).
    private const uint Destination = 0, Source = 6, EtherType = 12;
    private const uint ArpTypes = 14, ArpOperation = 18, ArpSender = 22, ArpSenderAddress = 28, ArpTargetAddress = 38;
    private const uint VersionAndLength = 14, FragmentOffset = 20, Protocol = 23, SourceAddress = 26, DestinationAddress = 30;
    private const uint IcmpType = 34, TcpFlags = 47;
    private const uint ArpLength = 42, PacketLength = 34, IcmpLength = 42, TcpLength = 54;

    /// <summary>
    /// What the namespace sends: ARP to the host's end alone, never to everybody, and over IPv4 answers. No connection
    /// begins there: a TCP segment has ACK or RST, and of ICMP only errors pass (3, 11, 12). No fragment passes, since
    /// only the first one has ports.
    /// </summary>
    public static FrameFilter OutOfNamespace(HostLinkPlan link)
    {
        var (from, to) = (link.NamespaceMac, link.HostMac);
        var filter = new FrameFilterWriter();
        Between(filter, from, to, ArpLength);
        Ask(filter, from, link.NamespaceAddress, link.HostAddress);
        filter.PassElse();
        Between(filter, from, to, TcpLength);
        Packet(filter, link.NamespaceAddress, link.HostAddress);
        filter.Half(FragmentOffset, 0, mask: 0x3fff);
        filter.Byte(Protocol, Tcp);
        filter.AnyBit(TcpFlags, TcpAcknowledgementOrReset);
        filter.PassElse();
        Between(filter, from, to, IcmpLength);
        Packet(filter, link.NamespaceAddress, link.HostAddress);
        filter.Half(FragmentOffset, 0, mask: 0x3fff);
        filter.Byte(Protocol, Icmp);
        filter.Byte(IcmpType, 3, 11, 12);
        filter.PassElse();
        return filter.Finish();
    }

    /// <summary>
    /// What the host sends, or what a bridge passes on: ARP, and IPv4 from the host's end to the namespace's. What of
    /// it may enter is up to the ruleset there.
    /// </summary>
    public static FrameFilter IntoNamespace(HostLinkPlan link)
    {
        var (from, to) = (link.HostMac, link.NamespaceMac);
        var filter = new FrameFilterWriter();
        filter.AtLeast(ArpLength);
        filter.Untagged();
        Address(filter, Source, from);
        Ask(filter, from, link.HostAddress, link.NamespaceAddress);
        filter.PassElse();
        Between(filter, from, to, PacketLength);
        Packet(filter, link.HostAddress, link.NamespaceAddress);
        filter.PassElse();
        return filter.Finish();
    }

    private static void Between(FrameFilterWriter filter, MacAddress from, MacAddress to, uint length)
    {
        filter.AtLeast(length);
        filter.Untagged();
        Address(filter, Destination, to);
        Address(filter, Source, from);
    }

    // Ethernet and IPv4, addresses of six and four bytes, a question or an answer.
    private static void Ask(FrameFilterWriter filter, MacAddress from, IPAddress sender, IPAddress target)
    {
        filter.Half(EtherType, Arp);
        filter.Word(ArpTypes, 0x0001_0800);
        filter.Half(ArpOperation, 0x0604);
        filter.Half(ArpOperation + 2, (1, 2));
        Address(filter, ArpSender, from);
        filter.Word(ArpSenderAddress, Number(sender));
        filter.Word(ArpTargetAddress, Number(target));
    }

    private static void Packet(FrameFilterWriter filter, IPAddress from, IPAddress to)
    {
        filter.Half(EtherType, IPv4);
        filter.Byte(VersionAndLength, 0x45);
        filter.Word(SourceAddress, Number(from));
        filter.Word(DestinationAddress, Number(to));
    }

    private static void Address(FrameFilterWriter filter, uint offset, MacAddress address)
    {
        filter.Word(offset, address.First);
        filter.Half(offset + 4, address.Last);
    }

    private static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
}
