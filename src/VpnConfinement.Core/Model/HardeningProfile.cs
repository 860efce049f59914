namespace VpnConfinement.Model;

/// <summary>Option <c>hardeningProfile</c>.</summary>
public enum HardeningProfile
{
    /// <summary>What most services bear.</summary>
    Baseline,

    /// <summary>Baseline and everything that costs compatibility.</summary>
    Strict,
}
