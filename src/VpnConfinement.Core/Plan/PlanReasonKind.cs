namespace VpnConfinement.Plan;

/// <summary>The kinds of <see cref="PlanReason"/>.</summary>
public enum PlanReasonKind
{
    /// <summary>A file of the unit's own, or of the namespace, is written.</summary>
    FileChanges,

    /// <summary>A file that all namespaces share is written.</summary>
    SharedFileChanges,

    /// <summary>A key is written.</summary>
    KeyChanges,

    /// <summary>The namespace is not in the kernel as it was brought up.</summary>
    Damaged,

    /// <summary>The tunnel's socket is in another namespace, which goes down.</summary>
    OuterTunnelStops,

    /// <summary>The configuration has no such namespace any more.</summary>
    LeavesConfiguration,

    /// <summary>The namespace has another WireGuard interface now.</summary>
    InterfaceRenamed,

    /// <summary>The unit was not confined before.</summary>
    NewlyConfined,

    /// <summary>The unit's namespace goes down.</summary>
    NamespaceStops,

    /// <summary>The socket that starts the service is restarted.</summary>
    SocketRestarts,

    /// <summary>The unit is confined and has processes on the host's network.</summary>
    OnHostNetwork,
}
