namespace VpnConfinement.Compile.Nftables;

/// <summary>A base chain of type filter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hook">The hook that it is at.</param>
/// <param name="Priority">Its place among the chains of that hook.</param>
/// <param name="Policy">What becomes of a packet that no rule decides about.</param>
/// <param name="Rules">Its rules, in order.</param>
internal sealed record Chain(string Name, string Hook, string Priority, Verdict Policy, IEnumerable<Rule> Rules)
{
    /// <summary>A chain that has the name of its hook and drops by default.</summary>
    internal static Chain Closed(string hook, IEnumerable<Rule> rules) =>
        new(hook, hook, "filter", Verdict.Drop, rules);

    /// <inheritdoc/>
    public override string ToString() =>
        $"\tchain {Name} {{\n\t\ttype filter hook {Hook} priority {Priority}; "
        + $"policy {(Policy == Verdict.Accept ? "accept" : "drop")};\n"
        + string.Concat(Rules.Select(r => $"\t\t{r}\n")) + "\t}\n";
}
