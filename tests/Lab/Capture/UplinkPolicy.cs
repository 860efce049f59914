using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.Lab.Capture;

/// <summary>What may be on the machine's uplink while only a confined service is at work.</summary>
public static class UplinkPolicy
{
    public const int ControlPort = 47000;

    /// <summary>A packet sent deliberately by an unconfined process, to show that the capture works.</summary>
    public static bool IsControl(Packet packet) =>
        packet.Kind == PacketKind.Udp && packet.Source!.Equals(Addresses.Machine)
        && packet.Destination!.Equals(Addresses.Web) && packet.DestinationPort == ControlPort;

    /// <summary>WireGuard between the machine and the provider.</summary>
    public static bool IsTunnel(Packet packet) => packet.Kind == PacketKind.Udp && (
        (packet.Source!.Equals(Addresses.Machine) && packet.Destination!.Equals(Addresses.Provider) && packet.DestinationPort == Addresses.WireGuardPort)
        || (packet.Source!.Equals(Addresses.Provider) && packet.SourcePort == Addresses.WireGuardPort && packet.Destination!.Equals(Addresses.Machine)));

    /// <summary>
    /// The link's own upkeep: ARP between its two ends, neighbour discovery (hop limit 255) and multicast reports (hop limit 1), and the
    /// machine's "port unreachable" to a provider that still talks to a tunnel that is gone.
    /// </summary>
    public static bool IsUpkeep(Packet packet) => packet.Kind switch
    {
        PacketKind.Arp => IsEnd(packet.Source!) && (IsEnd(packet.Destination!) || IsAskedForByTunnel(packet)),
        PacketKind.Icmp6 => IsUnasked(packet) || (packet.TimeToLive == 255 && packet.SourcePort is >= 133 and <= 136),
        PacketKind.Icmp => packet is { SourcePort: 3, DestinationPort: 3 }
            && packet.Source!.Equals(Addresses.Machine) && packet.Destination!.Equals(Addresses.Provider),
        _ => false,
    };

    /// <summary>
    /// What the machine tells itself of a packet of the tunnel, seconds later: that nobody answered for its address on a link without a route.
    /// </summary>
    public static bool IsOwnWordOfTunnel(Packet packet) => packet is { Interface: "lo", Kind: PacketKind.Icmp, SourcePort: 3, DestinationPort: 1 }
        && packet.Quoted is { } about && IsTunnel(about);

    /// <summary>What a kernel sends by itself, some time after IPv6 was enabled on a link: solicitations and multicast reports, which answer nobody.</summary>
    public static bool IsUnasked(Packet packet) => packet.Kind == PacketKind.Icmp6
        && ((packet.TimeToLive == 255 && packet.SourcePort is (133 or 135)) || (packet.TimeToLive == 1 && packet.SourcePort is (130 or 131 or 132 or 143)));

    /// <summary>
    /// What is neither. What comes from the provider's address went through the tunnel, wherever it was meant to go (an ICMP error keeps the tunnel's own
    /// address); the machine, which may have been where, answers it or forwards it back.
    /// </summary>
    public static IEnumerable<Packet> Stray(IReadOnlyList<Packet> packets) => packets.Where(packet =>
        !IsTunnel(packet) && !IsUpkeep(packet) && !IsOfProvider(packet) && !packets.Any(earlier => IsOfProvider(earlier) && IsAnswer(packet, earlier)));

    private static bool IsOfProvider(Packet packet) =>
        Addresses.Provider.Equals(packet.Source) || (packet.Outgoing && packet.Kind == PacketKind.Icmp && Addresses.TunnelAddress.Equals(packet.Source));

    private static bool IsAnswer(Packet packet, Packet earlier) => earlier.Destination!.Equals(packet.Source) && Addresses.Provider.Equals(packet.Destination)
        && (packet.Kind == PacketKind.Icmp || (packet.Kind == earlier.Kind && packet.SourcePort == earlier.DestinationPort && packet.DestinationPort == earlier.SourcePort));

    // A socket that is bound to a link without a route asks for its peer there.
    private static bool IsAskedForByTunnel(Packet packet) => packet.Source!.Equals(Addresses.Machine) && packet.Destination!.Equals(Addresses.Provider);

    private static bool IsEnd(System.Net.IPAddress address) => address.Equals(Addresses.Machine) || address.Equals(Addresses.Gateway);
}
