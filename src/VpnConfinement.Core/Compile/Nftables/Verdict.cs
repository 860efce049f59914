namespace VpnConfinement.Compile.Nftables;

/// <summary>What becomes of a packet that a rule matches.</summary>
internal enum Verdict
{
    /// <summary>It is counted, and goes on to the next rule.</summary>
    None,

    /// <summary>It passes.</summary>
    Accept,

    /// <summary>It goes nowhere, silently: what comes in gets no answer.</summary>
    Drop,

    /// <summary>It is refused with an ICMP error, so that a local program fails at once.</summary>
    Reject,

    /// <summary>The same for TCP.</summary>
    Reset,
}
