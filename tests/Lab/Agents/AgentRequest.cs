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

    /// <summary>The link to bind to; empty binds to none.</summary>
    public string Device { get; init; } = "";
}
