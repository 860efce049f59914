namespace VpnConfinement.Linux.Runtime;

/// <summary>The parts of a namespace, by what has to be done where one is damaged.</summary>
internal enum DamagedPart
{
    /// <summary>The name of the netns: it is gone, or another netns has it.</summary>
    Name,

    /// <summary>The ruleset inside.</summary>
    Ruleset,

    /// <summary>The link, its addresses, routes and peers, or the netns of its socket.</summary>
    Tunnel,

    /// <summary>What is on the host's side: table and routing rules of the host link, and the pinning of endpoints.</summary>
    Outside,

    /// <summary>
    /// What is written down of a table that another version loaded. Nothing is known to be wrong: the table is loaded
    /// again in place.
    /// </summary>
    Record,
}
