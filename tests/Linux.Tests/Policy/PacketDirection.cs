namespace VpnConfinement.Linux.Tests.Policy;

/// <summary>Which way a packet goes, seen from the namespace.</summary>
public enum PacketDirection
{
    /// <summary>To a socket of the namespace.</summary>
    In,

    /// <summary>From a socket of the namespace.</summary>
    Out,

    /// <summary>Through it, from one interface to another.</summary>
    Forward,
}
