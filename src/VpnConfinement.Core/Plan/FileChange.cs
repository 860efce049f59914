namespace VpnConfinement.Plan;

/// <summary>Why a file is written.</summary>
public enum FileChange
{
    /// <summary>It was not applied before.</summary>
    New,

    /// <summary>The configuration, or this program, makes another text of it now.</summary>
    Changed,

    /// <summary>It is not on disk as it was applied: somebody edited or damaged it.</summary>
    Edited,

    /// <summary>It was applied and is gone from the disk.</summary>
    Missing,

    /// <summary>An earlier change of it was cut short.</summary>
    CutShort,

    /// <summary>It is on disk, and nothing says that it was applied: the manifest was lost, for one.</summary>
    Unrecorded,
}
