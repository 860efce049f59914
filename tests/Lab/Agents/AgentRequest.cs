namespace VpnConfinement.Lab.Agents;

/// <summary>One thing for an agent to try. Which fields count depends on the operation.</summary>
public sealed record AgentRequest(AgentOperation Operation)
{
    public string Address { get; init; } = "";

    public int Port { get; init; }

    /// <summary>The name to look up, or the path of a file.</summary>
    public string Name { get; init; } = "";

    /// <summary>Ask over TCP instead of UDP.</summary>
    public bool Stream { get; init; }

    /// <summary>The link to bind to, which is the scope of a link-local address too; empty binds to none.</summary>
    public string Device { get; init; } = "";

    /// <summary>The IP protocol; 0 is the usual one of the operation.</summary>
    public int Protocol { get; init; }

    /// <summary>The socket's mark; 0 sets none.</summary>
    public uint Mark { get; init; }

    /// <summary>The address to send from, whoever's it is; empty leaves it to the kernel.</summary>
    public string Source { get; init; } = "";

    /// <summary>A file: the socket to call, or the namespace to enter.</summary>
    public string Path { get; init; } = "";

    /// <summary>The address family of a socket that is only opened.</summary>
    public int Family { get; init; }

    /// <summary>The EtherType of a frame; 0 is that of the address.</summary>
    public ushort EtherType { get; init; }

    /// <summary>Send the frame to the broadcast address: a bridge passes it to every port.</summary>
    public bool Flood { get; init; }
}
