using System.Net.Sockets;
using System.Net;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Tests.Policy;

/// <summary>What may leave through the tunnel.</summary>
internal sealed class TunnelEgressPolicy(ConfinedNamespace ns)
{
    private const byte Icmp = 1;
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte Dccp = 33;
    private const byte IcmpV6 = 58;
    private const byte Sctp = 132;
    private const byte UdpLite = 136;

    private static readonly IPNetwork[] NeverBeyond =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this network
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"), // link-local, and every cloud's metadata address
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, and broadcast
        IPNetwork.Parse("::/127"), // unspecified and loopback
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("ff00::/8"),
    ];

    internal PolicyVerdict Judge(PacketDescription packet)
    {
        // S-3: a packet with another source was meant for another interface, or is spoofed.
        if (CannotBeBeyond(packet.Destination) || !ns.WireGuard.Addresses.Any(a => a.Address.Equals(packet.Source)))
        {
            return PolicyVerdict.Refused(RefusalReason.Egress);
        }

        switch (packet.State)
        {
            case FlowState.Original or FlowState.Reply:
                return PolicyVerdict.Accepted;
            case FlowState.RelatedOriginal or FlowState.RelatedReply:
                return MayReport(packet) ? PolicyVerdict.Accepted : PolicyVerdict.Refused(RefusalReason.Egress);
            default:
                break;
        }

        if (packet.Protocol == Tcp && packet.Flags != TcpControl.Syn)
        {
            return PolicyVerdict.Refused(RefusalReason.Egress);
        }

        // S-4
        if (ns.DnsMode == DnsMode.Strict)
        {
            if (packet is { Protocol: Tcp or Udp, DestinationPort: 53 } && ns.DnsServers.Contains(packet.Destination))
            {
                return PolicyVerdict.Accepted;
            }

            if (IsDnsLike(packet))
            {
                return PolicyVerdict.Refused(RefusalReason.Dns);
            }
        }

        return packet.State == FlowState.New && MayBegin(packet) ? PolicyVerdict.Accepted : PolicyVerdict.Refused(RefusalReason.Egress);
    }

    /// <summary>Whether an address cannot lie beyond the tunnel: special ones, the host link's, and the broadcast addresses of the tunnel's own subnets.</summary>
    internal bool CannotBeBeyond(IPAddress address) =>
        NeverBeyond.Any(n => n.Contains(address))
        || (ns.HostLink?.Subnet.Contains(address) ?? false)
        || ns.WireGuard.Addresses.Any(a => IsBroadcastOf(address, a));

    private bool MayBegin(PacketDescription packet)
    {
        var egress = ns.Egress;
        if (egress.Mode == EgressMode.AllowAllTunnel)
        {
            return true;
        }

        var listed = egress.TcpPorts.Count + egress.UdpPorts.Count > 0;
        var port = packet.Protocol switch
        {
            Tcp => egress.TcpPorts.Contains(packet.DestinationPort),
            Udp => egress.UdpPorts.Contains(packet.DestinationPort),
            _ => false,
        };
        return egress.Cidrs.Count > 0 ? IsListed(packet.Destination) && (port || !listed) : port;
    }

    // ICMP errors about known flows.
    private bool MayReport(PacketDescription packet)
    {
        var egress = ns.Egress;
        if (egress.Mode == EgressMode.AllowAllTunnel)
        {
            return true;
        }

        // Unreachable with fragmentation needed, too big, time exceeded, parameter problem: RFC 792, RFC 4443.
        var essential = packet is { Protocol: Icmp, IcmpType: 3 or 11 or 12 } or { Protocol: IcmpV6, IcmpType: 1 or 2 or 3 or 4 };
        var anywhere = egress.Cidrs.Count == 0 && egress.TcpPorts.Count + egress.UdpPorts.Count > 0;
        return egress.EssentialIcmp && essential && (anywhere || IsListed(packet.Destination));
    }

    private bool IsListed(IPAddress address) => ns.Egress.Cidrs.Any(c => c.Contains(address));

    private static bool IsDnsLike(PacketDescription packet) =>
        packet is { Protocol: Tcp or Udp or UdpLite or Sctp or Dccp, DestinationPort: 53 or 853 or 5353 or 5355 };

    private static bool IsBroadcastOf(IPAddress address, InterfaceAddress own)
    {
        if (own.Address.AddressFamily != AddressFamily.InterNetwork || address.AddressFamily != AddressFamily.InterNetwork || own.PrefixLength > 30)
        {
            return false;
        }

        var host = uint.MaxValue >> own.PrefixLength;
        return ToNumber(address) == (ToNumber(own.Address) | host);
    }

    private static uint ToNumber(IPAddress address) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
}
