using VpnConfinement.Linux.Tests.Policy;

namespace VpnConfinement.Linux.Tests.Packets;

/// <summary>A flow that connection tracking knows from before the ruleset was there, answered once.</summary>
/// <param name="Name">What it is.</param>
/// <param name="First">Its first packet, as it is described when it goes on.</param>
/// <param name="Port">Source port of the side that began.</param>
internal sealed record Flow(string Name, PacketDescription First, ushort Port)
{
    /// <summary>The interface over which it began.</summary>
    internal required InterfaceRole Wire { get; init; }

    internal bool BeginsInside => First.Direction == PacketDirection.Out;

    /// <summary>A packet of it, of the side that began or of the other.</summary>
    internal PacketDescription Packet(bool back)
    {
        var flags = First.Protocol == PacketWriter.Tcp ? TcpControl.Ack : TcpControl.None;
        return back
            ? First with { Source = First.Destination, Destination = First.Source, DestinationPort = Port, Flags = flags }
            : First with { Flags = flags };
    }

    /// <summary>The packets by which it became known: the first, the answer, and for TCP the answer to that.</summary>
    internal IEnumerable<Probe> Beginning()
    {
        var tcp = First.Protocol == PacketWriter.Tcp;
        yield return Step(Packet(back: false) with { Flags = tcp ? TcpControl.Syn : TcpControl.None }, back: false);
        yield return Step(Packet(back: true) with { Flags = tcp ? TcpControl.Syn | TcpControl.Ack : TcpControl.None }, back: true);
        if (tcp)
        {
            yield return Step(Packet(back: false), back: false);
        }
    }

    private Probe Step(PacketDescription packet, bool back)
    {
        packet = packet with { Direction = BeginsInside != back ? PacketDirection.Out : PacketDirection.In };
        return new Probe($"{Name}: begins", packet, Wire, InterfaceRole.Other, [PacketWriter.Write(packet, SourcePort(back), "beginning"u8.ToArray())], "beginning"u8.ToArray());
    }

    internal ushort SourcePort(bool back) => back ? First.DestinationPort : Port;
}
