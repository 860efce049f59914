namespace VpnConfinement.Linux.Tests.Policy;

/// <summary>How a packet stands to the flows that connection tracking knows.</summary>
public enum FlowState
{
    /// <summary>It begins a flow, or goes on with one that nobody has answered.</summary>
    New,

    /// <summary>It goes on with an answered flow, the way the flow began.</summary>
    Original,

    /// <summary>It goes the other way of a known flow.</summary>
    Reply,

    /// <summary>An ICMP error about a packet of a known flow; it goes the way the flow began.</summary>
    RelatedOriginal,

    /// <summary>An ICMP error about a packet of a known flow; it goes the other way.</summary>
    RelatedReply,

    /// <summary>It belongs to no flow and can begin none, as an ICMP error about nothing.</summary>
    Invalid,

    /// <summary>Connection tracking leaves it alone, as neighbour discovery.</summary>
    Untracked,
}
