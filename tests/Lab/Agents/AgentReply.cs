namespace VpnConfinement.Lab.Agents;

/// <summary>How a try ended. The error is an errno's name or, from the resolver, a word.</summary>
public sealed record AgentReply(bool Ok, string Value, string Error, string Stage, int Milliseconds)
{
    /// <summary>The service itself did not answer: the try says nothing.</summary>
    public bool IsSilence => Stage == "agent";

    public static AgentReply Silence(string why) => new(false, "", why, "agent", 0);

    public override string ToString() => Ok ? (Value.Length > 0 ? Value : "done") : $"{Error} at {Stage} after {Milliseconds} ms";
}
