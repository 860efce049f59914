using System.Net;

namespace VpnConfinement.Lab.Capture;

/// <summary>A packet as the capture saw it. Ports are 0 where the protocol has none; ICMP has its type and code there.</summary>
public sealed record Packet(
    string Interface, bool Outgoing, PacketKind Kind, IPAddress? Source, int SourcePort, IPAddress? Destination, int DestinationPort, int TimeToLive, int Length)
{
    /// <summary>The IP protocol; 0 where there is none.</summary>
    public int Protocol { get; init; }

    /// <summary>The EtherType of its frame; one inside a VLAN tag, which the kernel takes off.</summary>
    public ushort EtherType { get; init; }

    /// <summary>What an ICMP error is about (RFC 792), or null.</summary>
    public Packet? Quoted { get; init; }

    public override string ToString() => Source is null
        ? $"{Kind} 0x{EtherType:x4} ({Length} bytes) on {Interface}"
        : $"{Kind} {Source}:{SourcePort} > {Destination}:{DestinationPort} protocol {Protocol} ttl {TimeToLive} ({Length} bytes) on {Interface}"
            + (Quoted is null ? "" : $", about {Quoted}");
}
