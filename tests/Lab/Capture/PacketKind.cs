namespace VpnConfinement.Lab.Capture;

/// <summary>What a packet is. Fragments and anything that cannot be decoded whole are <see cref="Unknown"/>.</summary>
public enum PacketKind
{
    Unknown,
    Arp,
    Udp,
    Tcp,
    Icmp,
    Icmp6,
    Other,
}
