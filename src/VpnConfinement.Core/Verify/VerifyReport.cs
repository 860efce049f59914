namespace VpnConfinement.Verify;

/// <summary>What <c>verify</c> found, documented in docs/verify.md.</summary>
/// <param name="Lines">The lines, by namespace.</param>
public sealed record VerifyReport(IReadOnlyList<VerifyLine> Lines)
{
    /// <summary>Format of the JSON; it grows by one where a member changes its meaning.</summary>
    public int Version { get; } = 1;

    /// <summary>The worst of all lines; a report without lines proves nothing.</summary>
    public VerifyOutcome Outcome => Lines.Select(l => l.Outcome).DefaultIfEmpty(VerifyOutcome.Inconclusive).Max();

    /// <summary>The exit status: 0, 4 where a line fails, 5 where one could not be told.</summary>
    public static int ExitStatus(VerifyOutcome outcome) => outcome switch
    {
        VerifyOutcome.Pass => 0,
        VerifyOutcome.Fail => 4,
        VerifyOutcome.Inconclusive => 5,
        _ => throw new InvalidOperationException("an outcome of an unknown kind"),
    };
}
