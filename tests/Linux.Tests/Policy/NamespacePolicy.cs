using System.Net;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Tests.Policy;

/// <summary>
/// Which traffic a namespace may have (docs/security.md, S-3 to S-5), in words of its own: it knows nothing of nftables, and the packet tests
/// hold the ruleset in the kernel against it.
/// </summary>
public sealed class NamespacePolicy
{
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte IPv6InIPv4 = 41;

    private readonly ConfinedNamespace _ns;
    private readonly TunnelEgressPolicy _egress;

    private NamespacePolicy(ConfinedNamespace ns)
    {
        _ns = ns;
        _egress = new TunnelEgressPolicy(ns);
    }

    /// <summary>The policy of a namespace.</summary>
    public static NamespacePolicy Of(ConfinedNamespace ns) => new(ns);

    /// <summary>Whether a packet may pass.</summary>
    public PolicyVerdict Judge(PacketDescription packet)
    {
        // S-3: a namespace is an end, never a way through.
        if (packet.Direction == PacketDirection.Forward)
        {
            return PolicyVerdict.Refused(RefusalReason.Forward);
        }

        if (packet.Interface == InterfaceRole.Loopback)
        {
            return PolicyVerdict.Accepted;
        }

        if (packet.State == FlowState.Invalid)
        {
            return PolicyVerdict.Refused(RefusalReason.Invalid);
        }

        // S-3: closed means closed, inside IPv4 too.
        if (_ns.IPv6 == IPv6Mode.Disable && (packet.IsIPv6 || packet.Protocol == IPv6InIPv4))
        {
            return PolicyVerdict.Refused(RefusalReason.IPv6);
        }

        return packet.Direction == PacketDirection.In ? In(packet) : Out(packet);
    }

    private PolicyVerdict In(PacketDescription packet) => packet.Interface switch
    {
        InterfaceRole.HostLink when _ns.HostLink is { } link => Accept(FromHost(packet, link), RefusalReason.HostLink),
        InterfaceRole.Tunnel => Accept(FromTunnel(packet), RefusalReason.Input),
        _ => PolicyVerdict.Refused(RefusalReason.Input),
    };

    private PolicyVerdict Out(PacketDescription packet) => packet.Interface switch
    {
        InterfaceRole.HostLink when _ns.HostLink is { } link => Accept(ToHost(packet, link), RefusalReason.HostLink),
        InterfaceRole.Tunnel => _egress.Judge(packet),
        _ => PolicyVerdict.Refused(RefusalReason.Egress),
    };

    // S-5: the host, by its own address, calls the ports it was promised and goes on with what it began.
    private static bool FromHost(PacketDescription packet, HostLink link)
    {
        if (!packet.Source.Equals(link.HostAddress) || !packet.Destination.Equals(link.NamespaceAddress))
        {
            return false;
        }

        return packet.State is FlowState.Original or FlowState.RelatedOriginal
            || (BeginsTcp(packet) && link.TcpPorts.Contains(packet.DestinationPort));
    }

    // S-5: what the host began is answered; nothing begins here.
    private static bool ToHost(PacketDescription packet, HostLink link) =>
        packet.Source.Equals(link.NamespaceAddress) && packet.Destination.Equals(link.HostAddress)
        && packet.State is FlowState.Reply or FlowState.RelatedReply;

    // S-3: what was asked for, and the declared ports; to the tunnel's own address, from an address that can lie beyond a tunnel.
    private bool FromTunnel(PacketDescription packet)
    {
        if (!IsOwn(packet.Destination) || _egress.CannotBeBeyond(packet.Source))
        {
            return false;
        }

        return packet.State is FlowState.Original or FlowState.Reply or FlowState.RelatedOriginal or FlowState.RelatedReply
            || (BeginsTcp(packet) && _ns.FromTunnelTcp.Contains(packet.DestinationPort))
            || (packet is { Protocol: Udp, State: FlowState.New } && _ns.FromTunnelUdp.Contains(packet.DestinationPort));
    }

    private bool IsOwn(IPAddress address) => _ns.WireGuard.Addresses.Any(a => a.Address.Equals(address));

    private static bool BeginsTcp(PacketDescription packet) => packet is { Protocol: Tcp, State: FlowState.New, Flags: TcpControl.Syn };

    private static PolicyVerdict Accept(bool accepted, RefusalReason otherwise) =>
        accepted ? PolicyVerdict.Accepted : PolicyVerdict.Refused(otherwise);
}
