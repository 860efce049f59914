namespace VpnConfinement.Linux.Tests.Policy;

/// <summary>What the interface is by which a packet comes or goes.</summary>
public enum InterfaceRole
{
    /// <summary>Loopback.</summary>
    Loopback,

    /// <summary>The WireGuard link.</summary>
    Tunnel,

    /// <summary>The namespace's end of the veth pair.</summary>
    HostLink,

    /// <summary>Any other: there should be none.</summary>
    Other,
}
