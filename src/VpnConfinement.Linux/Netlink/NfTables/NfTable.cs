namespace VpnConfinement.Linux.Netlink.NfTables;

/// <summary>
/// One table as nf_tables reports it, all of one generation: what decides about packets, and the counts of named
/// counters.
/// </summary>
/// <param name="Name">Its name, family inet.</param>
/// <param name="Flags"><c>NFTA_TABLE_FLAGS</c>: a dormant table filters nothing.</param>
/// <param name="Form">Its own attributes in canonical form (<see cref="NfForm"/>).</param>
internal sealed record NfTable(string Name, uint Flags, byte[] Form)
{
    /// <summary>Its chains.</summary>
    internal required IReadOnlyList<NfChain> Chains { get; init; }

    /// <summary>Its rules; those of one chain in their order.</summary>
    internal required IReadOnlyList<NfRule> Rules { get; init; }

    /// <summary>Its sets and maps, the anonymous ones included.</summary>
    internal required IReadOnlyList<NfSet> Sets { get; init; }

    /// <summary>The elements of those, in the kernel's order, which means nothing.</summary>
    internal required IReadOnlyDictionary<string, IReadOnlyList<byte[]>> Elements { get; init; }

    /// <summary>Its named counters, quotas and the like.</summary>
    internal required IReadOnlyList<NfObject> Objects { get; init; }

    /// <summary>Its flow tables.</summary>
    internal required IReadOnlyList<NfFlowtable> Flowtables { get; init; }
}
