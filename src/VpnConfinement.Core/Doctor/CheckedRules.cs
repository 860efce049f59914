using VpnConfinement.Diagnostics;

namespace VpnConfinement.Doctor;

/// <summary>What <c>check</c> finds about the host, and whether the configuration is refused.</summary>
internal static class CheckedRules
{
    private static readonly Dictionary<string, string> Codes = new(StringComparer.Ordinal)
    {
        ["VPC107"] = "control-not-enforced",
        ["VPC109"] = "key-file-readable",
        ["VPC110"] = "link-name-claimed",
        ["VPC111"] = "key-file-missing",
        ["VPC120"] = "daemon-takes-link",
    };

    internal static IEnumerable<DoctorFinding> Find(DoctorFacts facts)
    {
        var findings = facts.Checked ?? [];
        foreach (var finding in findings)
        {
            if (Codes.TryGetValue(finding.Code, out var code))
            {
                yield return new DoctorFinding(code, DoctorSeverity.Warning, null, finding.Message, finding.Remedy);
            }
        }

        var errors = findings.Where(f => f.Severity is Severity.Error).ToList();
        if (errors is [var first, ..])
        {
            yield return new DoctorFinding(
                "configuration-refused",
                DoctorSeverity.Error,
                null,
                $"The configuration is refused at {first.Span.File}, {first.Code}: {first.Message}",
                "Run 'vpn-confinement check', which names every error.");
        }
    }
}
