using System.Net.Sockets;
using System.Net;

namespace VpnConfinement.Linux.Tests.Policy;

/// <summary>A whole datagram, as the policy looks at it.</summary>
public sealed record PacketDescription
{
    /// <summary>Which way it goes.</summary>
    public required PacketDirection Direction { get; init; }

    /// <summary>By which interface.</summary>
    public required InterfaceRole Interface { get; init; }

    /// <summary>Source address; its family is the packet's.</summary>
    public required IPAddress Source { get; init; }

    /// <summary>Destination address.</summary>
    public required IPAddress Destination { get; init; }

    /// <summary>Number of the protocol in it (IANA), as 17 for UDP.</summary>
    public required byte Protocol { get; init; }

    /// <summary>Destination port; 0 for a protocol that has none.</summary>
    public ushort DestinationPort { get; init; }

    /// <summary>Type of an ICMP or ICMPv6 message.</summary>
    public byte IcmpType { get; init; }

    /// <summary>Flags of a TCP segment.</summary>
    public TcpControl Flags { get; init; }

    /// <summary>How it stands to the known flows.</summary>
    public required FlowState State { get; init; }

    /// <summary>Whether it is an IPv6 packet.</summary>
    public bool IsIPv6 => Source.AddressFamily == AddressFamily.InterNetworkV6;
}
