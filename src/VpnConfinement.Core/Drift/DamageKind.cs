namespace VpnConfinement.Drift;

/// <summary>The kinds of damage that a part can take.</summary>
public enum DamageKind
{
    /// <summary>It is gone.</summary>
    Absent,

    /// <summary>It is another than was applied.</summary>
    Altered,

    /// <summary>It is as it was applied, and has more besides.</summary>
    AddedTo,
}
