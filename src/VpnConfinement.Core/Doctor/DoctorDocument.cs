namespace VpnConfinement.Doctor;

/// <summary>What <c>doctor --json</c> prints.</summary>
/// <param name="Program">Version of the program.</param>
/// <param name="ExitStatus">The exit status that the findings come to.</param>
/// <param name="Facts">What this host is.</param>
/// <param name="Findings">The findings, the worst first.</param>
public sealed record DoctorDocument(
    string Program, int ExitStatus, IReadOnlyList<FactLine> Facts, IReadOnlyList<DoctorFinding> Findings)
{
    /// <summary>Format of the JSON, as in <c>verify</c>; it grows by one where a member changes its meaning.</summary>
    public int Version { get; } = 1;

    /// <summary>The document of some facts.</summary>
    /// <param name="facts">What was seen.</param>
    /// <param name="program">Version of the program.</param>
    public static DoctorDocument Of(DoctorFacts facts, string program)
    {
        var findings = Examination.Judge(facts);
        return new DoctorDocument(program, Examination.ExitStatus(findings), FactLines.Of(facts), findings);
    }
}
