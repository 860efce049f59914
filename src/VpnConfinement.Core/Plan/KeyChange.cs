namespace VpnConfinement.Plan;

/// <summary>Why a copy of a key is written.</summary>
public enum KeyChange
{
    /// <summary>It was not applied before.</summary>
    New,

    /// <summary>It holds another key than the configuration's file.</summary>
    Changed,

    /// <summary>It was applied and is gone, or others than root may read it.</summary>
    Damaged,
}
