namespace VpnConfinement.Plan;

/// <summary>The nftables table, in the birthplace, by which packets with the tunnel's mark go to the peers' endpoints only (option <c>endpointPinning</c>).</summary>
public sealed record PinPlan
{
    /// <summary>Name of the table, family inet; one a namespace.</summary>
    public required string Table { get; init; }

    /// <summary>The mark of the tunnel's own packets, not 0.</summary>
    public required uint Mark { get; init; }
}
