namespace VpnConfinement.Model;

/// <summary>How much weakness a namespace tolerates (option <c>securityProfile</c>).</summary>
public enum SecurityProfile
{
    /// <summary>Weaker choices are warned of.</summary>
    Balanced,

    /// <summary>Egress is a list, hardening is strict, and weaker choices are refused.</summary>
    HighAssurance,
}
