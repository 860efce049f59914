namespace VpnConfinement.Validation;

/// <summary>The systemd that will run the units.</summary>
/// <param name="Version">Its number, as 252.</param>
/// <param name="HasBpfFramework">Whether it was built with the BPF framework, which SocketBindDeny= and its like need.</param>
public sealed record SystemdFact(int Version, bool HasBpfFramework)
{
    /// <summary>The oldest that has all that the units use: NetworkNamespacePath= and what goes with it.</summary>
    public const int LeastVersion = 249;
}
