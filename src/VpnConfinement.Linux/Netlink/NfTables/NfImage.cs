namespace VpnConfinement.Linux.Netlink.NfTables;

/// <summary>
/// A table as nf_tables reports it, answer by answer (struct nfgenmsg, then attributes): enough to make the same table
/// elsewhere.
/// </summary>
/// <param name="Name">Its name, family inet.</param>
/// <param name="Table">The answer of the table itself.</param>
internal sealed record NfImage(string Name, byte[] Table)
{
    /// <summary>One answer a chain.</summary>
    internal required IReadOnlyList<byte[]> Chains { get; init; }

    /// <summary>One answer a set or map.</summary>
    internal required IReadOnlyList<byte[]> Sets { get; init; }

    /// <summary>
    /// The attributes of each element of a set, from the highest key to the lowest where the set has intervals.
    /// </summary>
    internal required IReadOnlyDictionary<string, IReadOnlyList<byte[]>> Elements { get; init; }

    /// <summary>One answer a named object.</summary>
    internal required IReadOnlyList<byte[]> Objects { get; init; }

    /// <summary>One answer a rule, in order.</summary>
    internal required IReadOnlyList<byte[]> Rules { get; init; }
}
