using VpnConfinement.Drift;
using VpnConfinement.Health;

namespace VpnConfinement.Doctor;

/// <summary>What <c>status</c> finds wrong, where no finding has said it already.</summary>
internal static class HealthRules
{
    // Findings that say why a tunnel, and so its resolver, does not answer.
    private static readonly string[] OfTunnel =
        ["no-route-to-endpoint", "endpoint-is-this-host", "no-answer", "packets-refused"];

    internal static IEnumerable<DoctorFinding> Find(DoctorFacts facts, IReadOnlyList<DoctorFinding> others)
    {
        if (facts.Health is not Observation<IReadOnlyList<HealthEntry>>.Known { Value: var health })
        {
            yield break;
        }

        foreach (var entry in health.Where(h => h.State > HealthState.Idle))
        {
            var isTold = entry.Kind is HealthKind.Tunnel or HealthKind.Resolver
                && others.Any(o => o.Namespace == entry.Namespace && OfTunnel.Contains(o.Code));
            if (!isTold)
            {
                yield return entry is { Kind: HealthKind.Resolver, State: HealthState.Blocked }
                    ? Silent(entry)
                    : Of(entry);
            }
        }
    }

    private static DoctorFinding Silent(HealthEntry entry) => new(
        "resolver-silent",
        DoctorSeverity.Error,
        entry.Namespace,
        $"The resolver of namespace {entry.Namespace} does not answer through its tunnel: {entry.Reason}.",
        "Compare dns.servers, or DNS in the provider's file, with what the provider says, "
            + "then run 'vpn-confinement apply'.");

    private static DoctorFinding Of(HealthEntry entry) => new(
        "not-working",
        entry.State switch
        {
            HealthState.Degraded => DoctorSeverity.Warning,
            HealthState.Waiting or HealthState.Unknown => DoctorSeverity.Unknown,
            HealthState.Blocked or HealthState.Failed or HealthState.Open => DoctorSeverity.Error,
            _ => throw new InvalidOperationException("a state that is fine, or of an unknown kind"),
        },
        entry.Namespace,
        $"{entry.Name} is {HealthStates.Word(entry.State)}: {entry.Reason}.",
        entry.Remedy ?? "Run 'vpn-confinement status'.");
}
