namespace VpnConfinement.Drift;

/// <summary>
/// How a part is repaired, by the watcher and by <c>apply</c>, from what stops nothing to what stops most.
/// </summary>
public enum PartRepair
{
    /// <summary>In place: nothing is stopped.</summary>
    InPlace,

    /// <summary>The gap is closed in place first; then the tunnel is made anew, with what depends on it.</summary>
    InPlaceThenTunnel,

    /// <summary>The tunnel is made anew, with what depends on it.</summary>
    Tunnel,

    /// <summary>The namespace is made anew, with all that is in it.</summary>
    Namespace,
}
