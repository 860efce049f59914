namespace VpnConfinement.Compile.Nftables;

/// <summary>One rule.</summary>
/// <param name="Verdict">What becomes of the packet.</param>
/// <param name="Counter">The named counter that counts it, or <see cref="Unnamed"/>, or null for none.</param>
/// <param name="Matches">What it must be like, all of it.</param>
internal sealed record Rule(Verdict Verdict, string? Counter, params IReadOnlyList<Match> Matches)
{
    /// <summary>For a counter of the rule's own.</summary>
    internal const string Unnamed = "";

    internal static Rule Accept(params IReadOnlyList<Match> matches) => new(Verdict.Accept, null, matches);

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', (IEnumerable<string>)
    [
        .. Matches.Select(m => m.ToString()),
        .. Counter is null ? [] : (string[])[Counter == Unnamed ? "counter" : $"counter name \"{Counter}\""],
        .. Words(),
    ]);

    private string[] Words() => Verdict switch
    {
        Verdict.None => [],
        Verdict.Accept => ["accept"],
        Verdict.Drop => ["drop"],
        Verdict.Reject => ["reject with icmpx type admin-prohibited"],
        Verdict.Reset => ["reject with tcp reset"],
        _ => throw new InvalidOperationException("a verdict of an unknown kind"),
    };
}
