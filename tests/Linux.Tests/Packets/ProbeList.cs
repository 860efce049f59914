using System.Buffers.Binary;
using System.Net;
using VpnConfinement.Linux.Tests.Policy;
using VpnConfinement.Model;
using static VpnConfinement.Linux.Tests.Packets.PacketWriter;

namespace VpnConfinement.Linux.Tests.Packets;

/// <summary>Makes the probes of one namespace: each with a tag and a source port of its own, so that none is taken for part of another's flow.</summary>
internal sealed class ProbeList(ConfinedNamespace ns)
{
    private static int _tags;

    private ushort _port = 20000;

    internal List<Probe> Probes { get; } = [];

    /// <summary>A packet that begins something.</summary>
    internal void New(
        string name, PacketDirection direction, InterfaceRole wire, IPAddress source, IPAddress destination, byte protocol, ushort port = 0,
        byte icmpType = 0, TcpControl flags = TcpControl.None, FlowState state = FlowState.New, bool fragments = false, InterfaceRole exit = InterfaceRole.Other)
    {
        var packet = Describe(direction, wire, source, destination, protocol, port, icmpType, flags, state);
        var tag = NextTag();
        var sourcePort = _port++;
        Add(name, packet, wire, exit, fragments ? Fragments(packet, sourcePort, tag) : [Write(packet, sourcePort, tag)], tag);
    }

    /// <summary>A packet of a known flow.</summary>
    internal void Of(Flow flow, string name, bool back, InterfaceRole wire)
    {
        var packet = flow.Packet(back) with { Interface = Role(wire), State = back ? FlowState.Reply : FlowState.Original };
        packet = packet with { Direction = IsOut(flow, back) ? PacketDirection.Out : PacketDirection.In };
        var tag = NextTag();
        Add($"{flow.Name}: {name}", packet, wire, InterfaceRole.Other, [Write(packet, flow.SourcePort(back), tag)], tag);
    }

    /// <summary>An ICMP error about a packet of a known flow; it goes against that packet.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="aboutBack">Whether the packet it is about goes the other way of the flow.</param>
    /// <param name="wire">By which interface.</param>
    /// <param name="type">Type of the error.</param>
    internal void Error(Flow flow, bool aboutBack, InterfaceRole wire, byte type)
    {
        var about = flow.Packet(aboutBack);
        var packet = about with
        {
            Direction = IsOut(flow, aboutBack) ? PacketDirection.In : PacketDirection.Out,
            Interface = Role(wire),
            Source = about.Destination,
            Destination = about.Source,
            Protocol = about.IsIPv6 ? IcmpV6 : Icmp,
            DestinationPort = 0,
            Flags = TcpControl.None,
            IcmpType = type,
            State = aboutBack ? FlowState.RelatedOriginal : FlowState.RelatedReply,
        };
        var tag = NextTag();
        Add($"{flow.Name}: ICMP error {type}", packet, wire, InterfaceRole.Other, [Write(packet, 0, tag, Write(about, flow.SourcePort(aboutBack), []))], tag);
    }

    internal PacketDescription Describe(
        PacketDirection direction, InterfaceRole wire, IPAddress source, IPAddress destination, byte protocol, ushort port = 0,
        byte icmpType = 0, TcpControl flags = TcpControl.None, FlowState state = FlowState.New) => new()
        {
            Direction = direction,
            Interface = Role(wire),
            Source = source,
            Destination = destination,
            Protocol = protocol,
            DestinationPort = port,
            IcmpType = icmpType,
            Flags = flags,
            State = state,
        };

    private static bool IsOut(Flow flow, bool back) => flow.BeginsInside != back;

    // A host link that is not configured is a stranger.
    private InterfaceRole Role(InterfaceRole wire) => wire == InterfaceRole.HostLink && ns.HostLink is null ? InterfaceRole.Other : wire;

    private void Add(string name, PacketDescription packet, InterfaceRole wire, InterfaceRole exit, byte[][] bytes, byte[] tag) =>
        Probes.Add(new Probe($"{name} [{packet.Direction} {wire}: {packet.Source} > {packet.Destination} protocol {packet.Protocol} port {packet.DestinationPort}]", packet, wire, exit, bytes, tag));

    private static byte[] NextTag()
    {
        var tag = new byte[12];
        "vpncprob"u8.CopyTo(tag);
        BinaryPrimitives.WriteInt32BigEndian(tag.AsSpan(8), Interlocked.Increment(ref _tags));
        return tag;
    }
}
