namespace VpnConfinement.Linux.Status;

/// <summary>A confined service as it is now.</summary>
public sealed record ServiceStatus
{
    /// <summary>Unit name with suffix.</summary>
    public required string Unit { get; init; }

    /// <summary>systemd's ActiveState, or <c>not-found</c>.</summary>
    public required string State { get; init; }

    /// <summary>
    /// Whether the kernel holds its processes still (<c>systemctl freeze</c>). It counts for no verdict: it is confined
    /// as any other.
    /// </summary>
    public required bool Frozen { get; init; }

    /// <summary>Whether it runs on, cut off, while the tunnel is away (<c>onTunnelLoss = "blackhole"</c>).</summary>
    public required bool OutlivesTunnel { get; init; }

    /// <summary>Ok when every process of it is in the namespace.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>
    /// Whether the kernel holds it to the ports of <c>restrictBind</c>; null where that is not asked for, or it does not run. It counts for no verdict:
    /// confinement does not rest on it.
    /// </summary>
    public required bool? BindRestricted { get; init; }

    /// <summary>Its processes with the netns that each is really in.</summary>
    public required IReadOnlyList<ProcessPlace> Processes { get; init; }

    /// <summary>The last line of its journal where it failed; null otherwise, or where there is none.</summary>
    public string? LastLine { get; init; }
}
