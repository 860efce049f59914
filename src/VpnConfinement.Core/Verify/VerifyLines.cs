using System.Globalization;
using VpnConfinement.Drift;
using VpnConfinement.Health;

namespace VpnConfinement.Verify;

/// <summary>Lines of a report that say what the list of parts and the judges of health say.</summary>
public static class VerifyLines
{
    /// <summary>Lines of what differs; where nothing does, one that says what was compared.</summary>
    /// <param name="check">Name of the check.</param>
    /// <param name="ns">The namespace.</param>
    /// <param name="subject">The unit, or null for the namespace.</param>
    /// <param name="drift">What differs.</param>
    /// <param name="evidence">What was compared, where nothing differs.</param>
    public static IEnumerable<VerifyLine> OfDrift(
        string check, string ns, string? subject, IReadOnlyList<DriftEntry> drift, string evidence) =>
        drift.Count == 0
            ? [new VerifyLine(VerifyAspect.Confinement, check, ns, subject, VerifyOutcome.Pass, evidence, null)]
            : drift.Select(entry => new VerifyLine(
                VerifyAspect.Confinement,
                check,
                ns,
                subject,
                entry.IsUnknown ? VerifyOutcome.Inconclusive : VerifyOutcome.Fail,
                entry.Text,
                entry.Remedy ?? "run 'vpn-confinement status'"));

    /// <summary>The line of the health of a part.</summary>
    public static VerifyLine OfHealth(HealthEntry entry)
    {
        var outcome = entry.State switch
        {
            HealthState.Working or HealthState.Idle => VerifyOutcome.Pass,
            HealthState.Waiting or HealthState.Unknown => VerifyOutcome.Inconclusive,
            HealthState.Degraded or HealthState.Blocked or HealthState.Failed or HealthState.Open => VerifyOutcome.Fail,
            _ => throw new InvalidOperationException("a state of an unknown kind"),
        };
        return new VerifyLine(
            entry.State is HealthState.Blocked or HealthState.Failed
                || entry.Kind is HealthKind.Tunnel or HealthKind.Resolver
                ? VerifyAspect.Works : VerifyAspect.Confinement,
            "state",
            entry.Namespace,
            entry.Kind is HealthKind.Namespace ? null : entry.Name,
            outcome,
            $"{HealthStates.Word(entry.State)}: {entry.Reason}",
            outcome is VerifyOutcome.Pass ? null : entry.Remedy ?? "run 'vpn-confinement status'");
    }

    /// <summary>A service of which nothing runs, so that there is nothing to try.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="isNamed">Whether the user asked for it, and so for a proof.</param>
    public static VerifyLine OfIdle(string ns, string unit, bool isNamed) => new(
        VerifyAspect.Confinement,
        "processes",
        ns,
        unit,
        isNamed ? VerifyOutcome.Inconclusive : VerifyOutcome.Pass,
        $"{unit} has no process{(isNamed ? ", so nothing could be tried" : "")}",
        isNamed ? $"run 'systemctl start {unit}', then this again" : null);

    /// <summary>Nothing was there to try at all.</summary>
    public static VerifyLine Nothing() => new(
        VerifyAspect.Leak,
        "canaries",
        null,
        null,
        VerifyOutcome.Inconclusive,
        "no confined service runs, so nothing could be tried",
        "start a confined service, then run this again");

    /// <summary>A service that the deadline left no time for.</summary>
    public static VerifyLine OfDeadline(string ns, string unit) => new(
        VerifyAspect.Leak,
        "canaries",
        ns,
        unit,
        VerifyOutcome.Inconclusive,
        $"{unit} was not tried before the deadline",
        $"run 'vpn-confinement verify {unit}', or give more time by '--deadline'");

    /// <summary>Whether the resolvers answered over TCP.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="servers">Whom was asked.</param>
    /// <param name="answered">Who answered.</param>
    public static VerifyLine OfResolverTcp(string ns, IReadOnlyList<string> servers, IReadOnlyList<string> answered) =>
        answered.Count > 0
            ? new VerifyLine(
                VerifyAspect.Works, "resolver-tcp", ns, null, VerifyOutcome.Pass,
                $"the resolver {string.Join(", ", answered)} answered over TCP", null)
            : new VerifyLine(
                VerifyAspect.Works, "resolver-tcp", ns, null, VerifyOutcome.Fail,
                $"no answer over TCP from the resolver {string.Join(", ", servers)}",
                "large answers need TCP: look whether the tunnel works, or name another resolver with dns.servers");

    /// <summary>How many threads and processes were looked at, in words.</summary>
    public static string Count(int threads, int processes) => string.Create(
        CultureInfo.InvariantCulture,
        $"{threads} {(threads == 1 ? "thread" : "threads")} of {processes} "
            + $"{(processes == 1 ? "process" : "processes")} {(threads == 1 ? "is" : "are")} in the namespace");
}
