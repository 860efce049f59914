namespace VpnConfinement.Linux.Watch;

/// <summary>What the host did to its resolver files, the lesser first.</summary>
internal enum HostFileChange
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>One is gone, or leads to another file than before.</summary>
    Target,

    /// <summary>Another file has the name of one.</summary>
    Replaced,
}
