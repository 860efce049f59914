namespace VpnConfinement.Linux.Status;

/// <summary>A confined service as it is now.</summary>
public sealed record ServiceStatus
{
    /// <summary>Unit name with suffix.</summary>
    public required string Unit { get; init; }

    /// <summary>systemd's ActiveState, or <c>not-found</c>.</summary>
    public required string State { get; init; }

    /// <summary>Whether it runs on, cut off, while the tunnel is away (<c>onTunnelLoss = "blackhole"</c>).</summary>
    public required bool OutlivesTunnel { get; init; }

    /// <summary>Ok when every process of it is in the namespace.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Its processes with the netns that each is really in.</summary>
    public required IReadOnlyList<ProcessPlace> Processes { get; init; }
}
