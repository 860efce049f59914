namespace VpnConfinement.Settings;

/// <summary>How much a setting of a unit's own counts for its confinement, whatever its value.</summary>
public enum SettingVerdict
{
    /// <summary>It has no part in the network, the names or the privileges of a service.</summary>
    Harmless,

    /// <summary>It takes from the service, and gives nothing by which one could leave its namespace.</summary>
    Hardening,

    /// <summary>A rule looks at its value: one may open the confinement, another not.</summary>
    Weighed,

    /// <summary>Its value is cleared and set anew, whatever the unit says; an entry of <c>allow</c> gives it back.</summary>
    Overruled,

    /// <summary>systemd accepts the name, warns, and does nothing.</summary>
    Ignored,
}
