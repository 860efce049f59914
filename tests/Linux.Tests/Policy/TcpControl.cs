namespace VpnConfinement.Linux.Tests.Policy;

/// <summary>The control bits of TCP that say what a segment does (RFC 9293, 3.1).</summary>
[Flags]
public enum TcpControl
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>No more data from the sender.</summary>
    Fin = 1,

    /// <summary>Begins a connection.</summary>
    Syn = 2,

    /// <summary>Ends it at once.</summary>
    Rst = 4,

    /// <summary>Acknowledges.</summary>
    Ack = 16,
}
