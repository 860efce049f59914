namespace VpnConfinement.Lab.Agents;

/// <summary>How a try ended. The error is an errno's name or, from the resolver, a word.</summary>
public sealed record AgentReply(bool Ok, string Value, string Error, string Stage, int Milliseconds)
{
    public override string ToString() => Ok ? (Value.Length > 0 ? Value : "done") : $"{Error} at {Stage} after {Milliseconds} ms";
}
