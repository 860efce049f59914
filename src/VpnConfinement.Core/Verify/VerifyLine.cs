namespace VpnConfinement.Verify;

/// <summary>One line of a report.</summary>
/// <param name="Aspect">What it is about.</param>
/// <param name="Check">Name of the check, as docs/verify.md lists them.</param>
/// <param name="Namespace">The namespace, or null for the host.</param>
/// <param name="Subject">The unit, or null for the namespace as a whole.</param>
/// <param name="Outcome">What it says.</param>
/// <param name="Evidence">What was seen, as a sentence without its full stop.</param>
/// <param name="NextStep">What to do or to type next; null where it passes.</param>
public sealed record VerifyLine(
    VerifyAspect Aspect,
    string Check,
    string? Namespace,
    string? Subject,
    VerifyOutcome Outcome,
    string Evidence,
    string? NextStep);
