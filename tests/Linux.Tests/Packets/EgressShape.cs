namespace VpnConfinement.Linux.Tests.Packets;

/// <summary>What the egress options say.</summary>
internal enum EgressShape
{
    /// <summary>allowAllTunnel.</summary>
    All,

    /// <summary>allowList with ports to anywhere.</summary>
    Ports,

    /// <summary>allowList with prefixes, everything to them.</summary>
    Prefixes,

    /// <summary>allowList with ports at prefixes.</summary>
    PortsAndPrefixes,

    /// <summary>allowList with nothing on it: the pinned resolvers only.</summary>
    Nothing,
}
