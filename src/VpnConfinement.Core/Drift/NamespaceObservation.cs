namespace VpnConfinement.Drift;

/// <summary>
/// One namespace as it is now. A null observation is one that was not made: the part is not wanted, or what it hangs on
/// is not there.
/// </summary>
public sealed record NamespaceObservation
{
    /// <summary>Whether the netns is up; where its name is lost, why it counts as lost.</summary>
    public required NetnsPresence Netns { get; init; }

    /// <summary>Whether a tunnel was brought up in it.</summary>
    public bool HasTunnel { get; init; }

    /// <summary>How the ruleset differs from the one that was loaded, as a phrase; null where it does not.</summary>
    public Observation<string?>? Ruleset { get; init; }

    /// <summary>The first kernel setting inside that is another than was set, or null.</summary>
    public Observation<string?>? Setting { get; init; }

    /// <summary>The loopback.</summary>
    public Observation<LoopbackState>? Loopback { get; init; }

    /// <summary>Text of the environment file; null for none.</summary>
    public Observation<string?>? Environment { get; init; }

    /// <summary>The host's end of the host link; null for none.</summary>
    public Observation<LinkEndState?>? HostEnd { get; init; }

    /// <summary>The namespace's end of the host link; null for none.</summary>
    public Observation<LinkEndState?>? NamespaceEnd { get; init; }

    /// <summary>
    /// Whether both ends run their filters, or were brought up without, which is told elsewhere.
    /// </summary>
    public Observation<bool>? LinkFilters { get; init; }

    /// <summary>The first kernel setting of the host's end that is another than was set, or null.</summary>
    public Observation<string?>? LinkSetting { get; init; }

    /// <summary>The same of the host's table for the host link.</summary>
    public Observation<string?>? HostTable { get; init; }

    /// <summary>Whether the host has its routing rules for the host link.</summary>
    public Observation<bool>? HostRules { get; init; }

    /// <summary>Whether the host has its unreachable route for the host link.</summary>
    public Observation<bool>? HostRoute { get; init; }

    /// <summary>The link of the tunnel and its device; null for none.</summary>
    public Observation<TunnelState?>? Tunnel { get; init; }

    /// <summary>How keys and pinned endpoints of the device differ, to follow the link's name; or null.</summary>
    public Observation<string?>? TunnelKeys { get; init; }

    /// <summary>Whether the netns of the tunnel's socket is there.</summary>
    public Observation<bool>? Birthplace { get; init; }

    /// <summary>The same of the table that pins the endpoints.</summary>
    public Observation<string?>? Pinning { get; init; }
}
