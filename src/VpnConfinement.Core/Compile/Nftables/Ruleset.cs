namespace VpnConfinement.Compile.Nftables;

/// <summary>A table of family inet, printed as what nft loads.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Counters">Names of its counters.</param>
/// <param name="Sets">Its sets.</param>
/// <param name="Chains">Its chains.</param>
internal sealed record Ruleset(
    string Table, IReadOnlyList<string> Counters, IEnumerable<NamedSet> Sets, IReadOnlyList<Chain> Chains)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var parts = Counters.Select(c => $"\tcounter {c} {{\n\t}}\n")
            .Concat(Sets.Select(s => s.ToString())).Concat(Chains.Select(c => c.ToString()));
        return $"table inet {Table} {{\n{string.Join('\n', parts)}}}\n";
    }
}
