namespace VpnConfinement.Health;

/// <summary>The state of the resolvers of a namespace: one that answers is enough.</summary>
public static class ResolverHealth
{
    /// <summary>Judges.</summary>
    public static Condition Judge(ResolverObservation resolver)
    {
        if (resolver.IsUp is not true)
        {
            return resolver.IsUp is null
                ? new Condition(HealthState.Unknown, "whether the namespace is up could not be told", null, "vpn-confinement status")
                : new Condition(HealthState.Idle, "nobody can ask while the tunnel is down");
        }

        return (resolver.Asked, resolver.Answers) switch
        {
            (true, { State: AnswerState.Silent or AnswerState.Waiting } old) => new Condition(HealthState.Waiting, "it answered, which its watcher has not seen yet", old.Since),
            (true, _) => new Condition(HealthState.Working, "it answered just now"),
            (false, _) => Silent(resolver, null),
            (null, { State: AnswerState.Silent } silent) => Silent(resolver, silent.Since),
            (null, { State: AnswerState.Waiting } waiting) => new Condition(HealthState.Waiting, "it was asked and has not answered yet", waiting.Since),
            (null, { State: AnswerState.Answering } answering) => new Condition(HealthState.Working, "it answers", answering.Since),
            (null, { State: AnswerState.Idle }) => new Condition(HealthState.Idle, "nobody asked it yet"),
            (null, null) => WithoutAnswers(resolver.Watcher),
            _ => throw new InvalidOperationException("a state of an unknown kind"),
        };
    }

    // That no watcher runs is told of the namespace, with its remedy.
    private static Condition WithoutAnswers(string? watcher) => watcher switch
    {
        "activating" => new Condition(HealthState.Idle, "nobody is known to have asked it yet"),
        "inactive" or "failed" or "deactivating" => new Condition(HealthState.Degraded, "no watcher runs that would say whether it answers", null, "vpn-confinement apply"),
        _ => new Condition(HealthState.Unknown, "the watcher does not say whether it answers", null, "vpn-confinement status"),
    };

    private static Condition Silent(ResolverObservation resolver, DateTimeOffset? since) => new(
        HealthState.Blocked,
        $"no answer from {string.Join(" or ", resolver.Servers)}, so no name is resolved",
        since,
        "correct dns.servers: your provider's file names them");
}
