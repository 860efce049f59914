namespace VpnConfinement.Lab.Scenarios;

/// <summary>What a check found.</summary>
public sealed record Verdict(Outcome Outcome, string Detail)
{
    public static Verdict Pass(string detail) => new(Outcome.Pass, detail);

    public static Verdict Fail(string detail) => new(Outcome.Fail, detail);

    public static Verdict Inconclusive(string detail) => new(Outcome.Inconclusive, detail);

    public static Verdict When(bool passed, string detail) => new(passed ? Outcome.Pass : Outcome.Fail, detail);
}
