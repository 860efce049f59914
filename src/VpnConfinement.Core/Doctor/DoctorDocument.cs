namespace VpnConfinement.Doctor;

/// <summary>What <c>doctor --json</c> prints.</summary>
/// <param name="Version">Version of the program.</param>
/// <param name="ExitStatus">The exit status that the findings come to.</param>
/// <param name="Facts">What this host is.</param>
/// <param name="Findings">The findings, the worst first.</param>
public sealed record DoctorDocument(
    string Version, int ExitStatus, IReadOnlyList<FactLine> Facts, IReadOnlyList<DoctorFinding> Findings)
{
    /// <summary>The document of some facts.</summary>
    /// <param name="facts">What was seen.</param>
    /// <param name="version">Version of the program.</param>
    public static DoctorDocument Of(DoctorFacts facts, string version)
    {
        var findings = Examination.Judge(facts);
        return new DoctorDocument(version, Examination.ExitStatus(findings), FactLines.Of(facts), findings);
    }
}
