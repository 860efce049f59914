namespace VpnConfinement.Verify;

/// <summary>The kinds of packets that are tried.</summary>
public enum CanaryKind
{
    /// <summary>A datagram of UDP.</summary>
    Udp,

    /// <summary>The first packet of a connection of TCP, which carries nothing.</summary>
    Tcp,

    /// <summary>A question to a resolver, over UDP.</summary>
    Dns,

    /// <summary>An echo request of ICMP, over a socket that needs no privilege.</summary>
    Icmp,

    /// <summary>An echo request of ICMP over a raw socket, which only root has.</summary>
    RawIcmp,
}
