namespace VpnConfinement.Verify;

/// <summary>
/// A change of the host during a run. What was seen beside it may never have been true at one moment, so it fails
/// nothing. A packet on the wire stays a leak whatever changed.
/// </summary>
/// <param name="Namespace">The namespace that it concerns; null for the whole host.</param>
/// <param name="Unit">The service that it concerns; null for the whole namespace.</param>
/// <param name="What">What changed, as a sentence without its full stop.</param>
public sealed record HostChange(string? Namespace, string? Unit, string What)
{
    private const string Again = "run 'vpn-confinement verify' again once nothing changes";

    private VerifyLine Line => new(
        VerifyAspect.Confinement, Unit is null ? "parts" : "processes", Namespace, Unit, VerifyOutcome.Inconclusive,
        What, Again);

    /// <summary>Makes failures that changes may have caused inconclusive, and adds a line for each change.</summary>
    /// <param name="lines">The lines of the run.</param>
    /// <param name="changes">What changed during the run.</param>
    public static IReadOnlyList<VerifyLine> Temper(
        IReadOnlyList<VerifyLine> lines, IReadOnlyList<HostChange> changes) =>
        changes.Count == 0 ? lines
        : [.. lines.Select(l => Temper(l, changes)), .. changes.Select(c => c.Line)];

    /// <summary>Whether a service is concerned.</summary>
    /// <param name="ns">Its namespace.</param>
    /// <param name="unit">The service.</param>
    public bool Concerns(string ns, string unit) =>
        (Namespace is null || Namespace == ns) && (Unit is null || Unit == unit);

    private bool Concerns(VerifyLine line) =>
        (Namespace is null || Namespace == line.Namespace) && (Unit is null || Unit == line.Subject);

    private static VerifyLine Temper(VerifyLine line, IReadOnlyList<HostChange> changes) =>
        line is { Outcome: VerifyOutcome.Fail, Aspect: not VerifyAspect.Leak }
        && changes.FirstOrDefault(c => c.Concerns(line)) is { } change
            ? line with
            {
                Outcome = VerifyOutcome.Inconclusive,
                Evidence = $"{line.Evidence}; {change.What}",
                NextStep = Again,
            }
            : line;
}
