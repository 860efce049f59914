namespace VpnConfinement.Doctor;

/// <summary>All rules together.</summary>
public static class Examination
{
    /// <summary>Judges what was seen.</summary>
    /// <returns>The findings, the worst first; equally bad ones in the order of the rules.</returns>
    public static IReadOnlyList<DoctorFinding> Judge(DoctorFacts facts)
    {
        List<DoctorFinding> found =
        [
            .. SystemRules.Find(facts), .. TunnelRules.Find(facts), .. DaemonRules.Find(facts),
            .. CheckedRules.Find(facts), .. UnknownRules.Find(facts),
        ];
        return [.. found.Concat(HealthRules.Find(facts, found)).Distinct().OrderByDescending(f => f.Severity)];
    }

    /// <summary>The exit status: 0 where nothing is wrong, 4 where something is, 5 where it is not known.</summary>
    public static int ExitStatus(IReadOnlyList<DoctorFinding> findings) =>
        findings.Select(f => f.Severity).DefaultIfEmpty(DoctorSeverity.Notice).Max() switch
        {
            DoctorSeverity.Notice => 0,
            DoctorSeverity.Unknown => 5,
            DoctorSeverity.Warning or DoctorSeverity.Error => 4,
            _ => throw new InvalidOperationException("a severity of an unknown kind"),
        };
}
