using System.Diagnostics;
using VpnConfinement.Health;
using VpnConfinement.Linux.Status;
using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Linux.Apply;

/// <summary>Waits until what was applied works, for all namespaces together and not for ever. Nothing that a unit runs waits so.</summary>
/// <param name="systemctl">The running systemd.</param>
/// <param name="say">Takes a line for the user about what is waited for.</param>
public sealed class HealthWait(Systemctl systemctl, Action<string> say)
{
    /// <summary>How long at most.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    private const int Pause = 250;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private string? _said;

    /// <summary>Waits.</summary>
    /// <param name="started">Units that were started just now.</param>
    /// <returns>What there is in the end.</returns>
    /// <exception cref="SystemFailure">It is not known what was applied, or systemd does not answer.</exception>
    public HostStatus Run(IReadOnlyCollection<string> started)
    {
        var answered = ResolverAnswers.Ask(
            ManifestStore.LoadKnown().Namespaces.Select(n => n.Name), Bound - _clock.Elapsed, SayOpen);
        var reader = new StatusReader(systemctl);
        while (true)
        {
            var status = reader.Read(new JustApplied(answered, started.ToHashSet(StringComparer.Ordinal)));
            var waiting = status.Health.Where(h => h.State is HealthState.Waiting).ToList();
            if (waiting.Count == 0 || _clock.Elapsed >= Bound)
            {
                return Answered(status, answered);
            }

            Say(string.Join(", ", waiting.Select(h => $"{h.Name} ({h.Reason})")));
            Thread.Sleep(Pause);
        }
    }

    // On a host whose watchers are slow to look, an answer counts all the same.
    private static HostStatus Answered(HostStatus status, Dictionary<string, bool> answered) => status with
    {
        Health = HealthEntry.WorstFirst(status.Health.Select(h =>
            h is { Kind: HealthKind.Resolver, State: HealthState.Waiting, Namespace: { } ns } && answered.GetValueOrDefault(ns) ? h with { State = HealthState.Working } : h)),
    };

    private void SayOpen(IReadOnlyList<ResolverQuestion> open) => Say(string.Join(
        ", ",
        open.Select(q =>
            $"{q.Namespace} (no answer from {string.Join(" or ", q.Servers)} through its tunnel yet)")));

    // What is there within a second needs no word.
    private void Say(string what)
    {
        if (_clock.Elapsed > Silence && _said != what)
        {
            say($"waiting for {what}");
            _said = what;
        }
    }
}
