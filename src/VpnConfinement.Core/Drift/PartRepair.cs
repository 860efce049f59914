namespace VpnConfinement.Drift;

/// <summary>
/// How a part is repaired. The parts of a namespace are repaired by the watcher and by <c>apply</c>, from what stops
/// nothing to what stops most; the parts of the host by <c>apply</c> alone, or by hand.
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

    /// <summary><c>apply</c> makes it anew, and restarts what a change of it concerns.</summary>
    Apply,

    /// <summary>The watcher stops its unit; <c>apply</c> restarts that.</summary>
    Unit,

    /// <summary>
    /// What undoes it is taken out by hand. Until then <c>apply</c> refuses; then it has systemd read its files again.
    /// </summary>
    Hand,
}
