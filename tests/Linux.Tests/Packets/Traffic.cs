using System.Net;
using VpnConfinement.Linux.Tests.Policy;
using VpnConfinement.Model;
using static VpnConfinement.Linux.Tests.Packets.PacketWriter;
using static VpnConfinement.Linux.Tests.Policy.InterfaceRole;
using static VpnConfinement.Linux.Tests.Policy.PacketDirection;

namespace VpnConfinement.Linux.Tests.Packets;

/// <summary>What is sent through the ruleset of a namespace, in both families and over every interface.</summary>
internal sealed class Traffic
{
    private static readonly InterfaceRole[] Wires = [Tunnel, InterfaceRole.HostLink, Other];

    private readonly ProbeList _list;
    private readonly List<Flow> _flows = [];
    private ushort _flowPort = 40000;

    internal Traffic(ConfinedNamespace ns)
    {
        _list = new ProbeList(ns);
        foreach (var ipv6 in new[] { false, true })
        {
            var ends = Ends.Of(ipv6);
            Known(ends);
            Leaving(ends);
            LeavingWrongly(ends);
            Arriving(ends);
            ArrivingWrongly(ends);
            Passing(ends);
        }
    }

    /// <summary>The flows that have to be there first.</summary>
    internal IReadOnlyList<Flow> Flows => _flows;

    internal IReadOnlyList<Probe> Probes => _list.Probes;

    private void Known(Ends ends)
    {
        foreach (var protocol in new[] { Udp, Tcp })
        {
            Known("begun inside over the tunnel", Out, Tunnel, ends.Own, ends.Listed, protocol, 443);
            Known("begun inside over the tunnel, to a place not listed", Out, Tunnel, ends.Own, ends.Unlisted, protocol, 444);
            Known("begun outside over the tunnel", In, Tunnel, ends.Caller, ends.Own, protocol, 6881);
            Known("begun by the host", In, InterfaceRole.HostLink, ends.Host, ends.Link, protocol, 9091);
        }

        Known("begun inside over the host link", Out, InterfaceRole.HostLink, ends.Link, ends.Host, Udp, 9094);
        Known("with the host link's address over the tunnel", Out, Tunnel, ends.Link, ends.Listed, Udp, 7001);
        Known("with a special address beyond the tunnel", Out, Tunnel, ends.Own, ends.LinkLocal, Udp, 7002);
        Known("begun beyond the host", In, InterfaceRole.HostLink, ends.BehindHost, ends.Link, Udp, 9092);
        Known("begun by the host to the tunnel's address", In, InterfaceRole.HostLink, ends.Host, ends.Own, Udp, 9093);
        Known("begun outside with the host's address", In, Tunnel, ends.Host, ends.Own, Udp, 6882);
    }

    private void Known(string name, PacketDirection direction, InterfaceRole wire, IPAddress source, IPAddress destination, byte protocol, ushort port)
    {
        var flow = new Flow($"flow {name}, {(protocol == Tcp ? "TCP" : "UDP")}", _list.Describe(direction, wire, source, destination, protocol, port), _flowPort++) { Wire = wire };
        _flows.Add(flow);
        foreach (var over in Wires)
        {
            _list.Of(flow, "goes on", back: false, over);
            _list.Of(flow, "is answered", back: true, over);
        }

        if (protocol == Tcp)
        {
            return;
        }

        byte[] types = flow.First.IsIPv6 ? [1, 2, 3, 4, 100] : [3, 4, 5, 11, 12];
        foreach (var type in types)
        {
            foreach (var over in Wires)
            {
                _list.Error(flow, aboutBack: false, over, type);
                _list.Error(flow, aboutBack: true, over, type);
            }
        }
    }

    private void Leaving(Ends ends)
    {
        foreach (var destination in new[] { ends.Listed, ends.Listed2, ends.Unlisted, ends.Dns })
        {
            foreach (var port in new ushort[] { 53, 443, 853, 4443, 5353, 5355, 7000, 7443, 12345 })
            {
                _list.New("TCP leaves", Out, Tunnel, ends.Own, destination, Tcp, port, flags: TcpControl.Syn);
                _list.New("UDP leaves", Out, Tunnel, ends.Own, destination, Udp, port);
            }

            foreach (var port in new ushort[] { 53, 443, 853, 5353, 5355 })
            {
                _list.New("UDP-Lite leaves", Out, Tunnel, ends.Own, destination, UdpLite, port);
                _list.New("SCTP leaves", Out, Tunnel, ends.Own, destination, Sctp, port);
                _list.New("DCCP leaves", Out, Tunnel, ends.Own, destination, Dccp, port);
            }

            foreach (var protocol in new[] { Gre, IpIp, SixInFour, Esp })
            {
                _list.New("another protocol leaves", Out, Tunnel, ends.Own, destination, protocol);
            }

            _list.New("echo leaves", Out, Tunnel, ends.Own, destination, ends.Icmp, icmpType: ends.Echo);
            _list.New("UDP leaves in fragments", Out, Tunnel, ends.Own, destination, Udp, 7000, fragments: true);
            _list.New("a DNS query leaves in fragments", Out, Tunnel, ends.Own, destination, Udp, 53, fragments: true);
            _list.New("a TCP flow begins with ACK", Out, Tunnel, ends.Own, destination, Tcp, 443, flags: TcpControl.Ack);
            _list.New("a TCP flow to port 53 begins with ACK", Out, Tunnel, ends.Own, destination, Tcp, 53, flags: TcpControl.Ack);
        }
    }

    private void LeavingWrongly(Ends ends)
    {
        foreach (var destination in ends.Special)
        {
            _list.New("UDP to where no tunnel leads", Out, Tunnel, ends.Own, destination, Udp, 7000);
        }

        foreach (var source in new[] { ends.Link, ends.OtherOwn, ends.BehindHost })
        {
            _list.New("a spoofed source leaves", Out, Tunnel, source, ends.Listed, Udp, 7000);
            _list.New("a spoofed source asks the resolver", Out, Tunnel, source, ends.Dns, Udp, 53);
        }

        foreach (var source in new[] { ends.Link, ends.Own })
        {
            foreach (var destination in new[] { ends.Host, ends.BehindHost, ends.Listed, ends.Dns, ends.Multicast })
            {
                _list.New("begins over the host link", Out, InterfaceRole.HostLink, source, destination, Udp, 53);
                _list.New("begins over the host link", Out, InterfaceRole.HostLink, source, destination, Udp, 7000);
                _list.New("echo over the host link", Out, InterfaceRole.HostLink, source, destination, ends.Icmp, icmpType: ends.Echo);
            }

            _list.New("begins over the host link", Out, InterfaceRole.HostLink, source, ends.Host, Tcp, 443, flags: TcpControl.Syn);
            _list.New("begins over the host link with ACK", Out, InterfaceRole.HostLink, source, ends.Host, Tcp, 443, flags: TcpControl.Ack);
        }

        foreach (var source in new[] { ends.OtherOwn, ends.Own })
        {
            _list.New("another interface", Out, Other, source, ends.Listed, Udp, 7000);
            _list.New("another interface", Out, Other, source, ends.Listed, Tcp, 443, flags: TcpControl.Syn);
            _list.New("another interface", Out, Other, source, ends.Dns, Udp, 53);
        }

        foreach (var flags in ends.Senseless)
        {
            _list.New("senseless TCP leaves", Out, Tunnel, ends.Own, ends.Listed, Tcp, 443, flags: flags, state: FlowState.Invalid);
            _list.New("senseless TCP over the host link", Out, InterfaceRole.HostLink, ends.Link, ends.Host, Tcp, 443, flags: flags, state: FlowState.Invalid);
            _list.New("senseless TCP on loopback", Out, Loopback, ends.Loopback, ends.Loopback, Tcp, 443, flags: flags, state: FlowState.Invalid);
        }

        _list.New("loopback", Out, Loopback, ends.Loopback, ends.Loopback, Udp, 53);
        _list.New("loopback", Out, Loopback, ends.Loopback, ends.Loopback, Udp, 7000);
        _list.New("loopback", Out, Loopback, ends.Loopback, ends.Loopback, Tcp, 8080, flags: TcpControl.Syn);
        _list.New("an ICMP error about nothing leaves", Out, Tunnel, ends.Own, ends.Listed, ends.Icmp, icmpType: ends.Unreachable, state: FlowState.Invalid);
        if (ends.IsIPv6)
        {
            _list.New("neighbour discovery leaves", Out, Tunnel, ends.Own, ends.Listed, IcmpV6, icmpType: 135, state: FlowState.Untracked);
        }
    }

    private void Arriving(Ends ends)
    {
        foreach (var source in new[] { ends.Caller, ends.ListedCaller })
        {
            foreach (var port in new ushort[] { 53, 6881, 6882, 6883, 9091 })
            {
                _list.New("TCP arrives", In, Tunnel, source, ends.Own, Tcp, port, flags: TcpControl.Syn);
                _list.New("UDP arrives", In, Tunnel, source, ends.Own, Udp, port);
            }

            foreach (var protocol in new[] { Sctp, Dccp, UdpLite })
            {
                _list.New("another protocol with ports arrives", In, Tunnel, source, ends.Own, protocol, 6881);
            }

            foreach (var protocol in new[] { Gre, IpIp, SixInFour, Esp })
            {
                _list.New("another protocol arrives", In, Tunnel, source, ends.Own, protocol);
            }

            _list.New("echo arrives", In, Tunnel, source, ends.Own, ends.Icmp, icmpType: ends.Echo);
            _list.New("UDP arrives in fragments", In, Tunnel, source, ends.Own, Udp, 6881, fragments: true);
            _list.New("a TCP flow arrives that begins with ACK", In, Tunnel, source, ends.Own, Tcp, 6881, flags: TcpControl.Ack);
        }

        foreach (var port in new ushort[] { 53, 6881, 8080, 9091 })
        {
            _list.New("the host calls", In, InterfaceRole.HostLink, ends.Host, ends.Link, Tcp, port, flags: TcpControl.Syn);
            _list.New("the host calls over UDP", In, InterfaceRole.HostLink, ends.Host, ends.Link, Udp, port);
        }

        _list.New("the host calls with ACK", In, InterfaceRole.HostLink, ends.Host, ends.Link, Tcp, 9091, flags: TcpControl.Ack);
        _list.New("the host calls over SCTP", In, InterfaceRole.HostLink, ends.Host, ends.Link, Sctp, 9091);
        _list.New("the host sends an echo", In, InterfaceRole.HostLink, ends.Host, ends.Link, ends.Icmp, icmpType: ends.Echo);
        _list.New("the host sends another protocol", In, InterfaceRole.HostLink, ends.Host, ends.Link, SixInFour);
    }

    private void ArrivingWrongly(Ends ends)
    {
        // An address of one interface on the other, and addresses that are nobody's.
        foreach (var destination in new[] { ends.Link, ends.OtherOwn, ends.JoinedMulticast })
        {
            _list.New("another destination from the tunnel", In, Tunnel, ends.Caller, destination, Udp, 6881);
        }

        foreach (var destination in new[] { ends.Own, ends.OtherOwn, ends.JoinedMulticast })
        {
            _list.New("another destination from the host", In, InterfaceRole.HostLink, ends.Host, destination, Udp, 9091);
        }

        _list.New("another destination from the tunnel", In, Tunnel, ends.Caller, ends.Link, Tcp, 6881, flags: TcpControl.Syn);
        _list.New("another destination from the tunnel", In, Tunnel, ends.Host, ends.Link, Tcp, 9091, flags: TcpControl.Syn);
        _list.New("another destination from the host", In, InterfaceRole.HostLink, ends.Host, ends.Own, Tcp, 9091, flags: TcpControl.Syn);
        _list.New("another destination from the host", In, InterfaceRole.HostLink, ends.Host, ends.Own, Tcp, 6881, flags: TcpControl.Syn);
        _list.New("a caller of the tunnel by the host link", In, InterfaceRole.HostLink, ends.Caller, ends.Own, Tcp, 6881, flags: TcpControl.Syn);
        _list.New("a caller of the tunnel by the host link", In, InterfaceRole.HostLink, ends.Caller, ends.Own, Udp, 6881);
        foreach (var source in new[] { ends.BehindHost, ends.Caller })
        {
            _list.New("another source from the host", In, InterfaceRole.HostLink, source, ends.Link, Tcp, 9091, flags: TcpControl.Syn);
        }

        foreach (var source in ends.Special.Append(ends.Host))
        {
            _list.New("a source that cannot be beyond the tunnel", In, Tunnel, source, ends.Own, Udp, 6881);
        }

        _list.New("another interface", In, Other, ends.Caller, ends.Own, Udp, 6881);
        _list.New("another interface", In, Other, ends.Caller, ends.Own, Tcp, 6881, flags: TcpControl.Syn);
        _list.New("another interface", In, Other, ends.Host, ends.Link, Tcp, 9091, flags: TcpControl.Syn);
        foreach (var flags in ends.Senseless)
        {
            _list.New("senseless TCP arrives", In, Tunnel, ends.Caller, ends.Own, Tcp, 6881, flags: flags, state: FlowState.Invalid);
            _list.New("senseless TCP from the host", In, InterfaceRole.HostLink, ends.Host, ends.Link, Tcp, 9091, flags: flags, state: FlowState.Invalid);
        }

        _list.New("an ICMP error about nothing arrives", In, Tunnel, ends.Caller, ends.Own, ends.Icmp, icmpType: ends.Unreachable, state: FlowState.Invalid);
        if (ends.IsIPv6)
        {
            _list.New("a router advertises itself", In, Tunnel, ends.Caller, ends.Own, IcmpV6, icmpType: 134, state: FlowState.Untracked);
        }
    }

    private void Passing(Ends ends)
    {
        _list.New("from the tunnel to the host's side", PacketDirection.Forward, Tunnel, ends.Caller, ends.BehindHost, Udp, 9091, exit: InterfaceRole.HostLink);
        _list.New("from the tunnel to the host", PacketDirection.Forward, Tunnel, ends.Caller, ends.Host, Tcp, 9091, flags: TcpControl.Syn, exit: InterfaceRole.HostLink);
        _list.New("from the host's side into the tunnel", PacketDirection.Forward, InterfaceRole.HostLink, ends.BehindHost, ends.Listed, Udp, 7000, exit: Tunnel);
        _list.New("from the host into the tunnel", PacketDirection.Forward, InterfaceRole.HostLink, ends.Host, ends.Dns, Udp, 53, exit: Tunnel);
        _list.New("from the tunnel back into it", PacketDirection.Forward, Tunnel, ends.Caller, ends.Listed, Udp, 7000, exit: Tunnel);
        _list.New("from another interface into the tunnel", PacketDirection.Forward, Other, ends.Caller, ends.Listed, Udp, 7000, exit: Tunnel);
    }
}
