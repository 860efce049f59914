using VpnConfinement.Cli.Output;
using VpnConfinement.Health;
using VpnConfinement.Linux;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Text;

namespace VpnConfinement.Cli.Commands;

/// <summary>The end of <c>apply</c>: whether what was applied works. It stays applied, whatever this finds.</summary>
internal static class AppliedHealth
{
    private const int JournalLines = 5;

    /// <summary>Looks, and says what does not work.</summary>
    /// <param name="systemctl">The running systemd.</param>
    /// <param name="started">Units that were started just now.</param>
    /// <param name="failure">Which of them did not start, or null.</param>
    /// <param name="wait">Whether to wait until all works.</param>
    /// <param name="done">What to say when it does; null for nothing.</param>
    /// <returns>The exit status.</returns>
    internal static int Report(Systemctl systemctl, IReadOnlyCollection<string> started, SystemFailure? failure, bool wait, string? done)
    {
        IReadOnlyList<HealthEntry> bad = [];
        if (wait)
        {
            bad = [.. new HealthWait(systemctl, Terminal.Progress).Run(started).Health.Where(h => h.Kind is not HealthKind.Host && h.State is not (HealthState.Working or HealthState.Idle))];
        }

        if (failure is null && bad.Count == 0)
        {
            if (done is not null)
            {
                Terminal.Progress(done);
            }

            return ExitCodes.Done;
        }

        Terminal.Failure(failure is null ? "it is applied, and not all of it works" : $"it is applied, and not all of it runs: {failure.Message}", null);
        foreach (var entry in bad)
        {
            var where = entry.Namespace is { } ns && ns != entry.Name ? $"{ns}: " : "";
            Terminal.Say($"{HealthText.Mark(entry.State, Terminal.ColourErrors, Terminal.IsAscii)} {where}{entry.Name}  {HealthText.Sentence(entry)}");
            if (entry is { State: HealthState.Failed, Kind: HealthKind.Service or HealthKind.Socket or HealthKind.Published })
            {
                var lines = UnitJournal.LastLines(entry.Name, JournalLines);
                foreach (var line in lines)
                {
                    Terminal.Say($"    {Visible.Line(line)}");
                }

                foreach (var cure in JournalCures.Of(entry.Name, lines))
                {
                    Terminal.Say($"    {Terminal.Paint("help:", "36", Terminal.ColourErrors)} {cure}");
                }
            }
        }

        Terminal.Say($"{Terminal.Paint("help:", "36", Terminal.ColourErrors)} {failure?.Remedy ?? "do what is named there"}; then 'vpn-confinement status' shows whether it works, and 'vpn-confinement rollback' brings back what was applied before");
        return bad.Any(h => HealthStates.ExitStatus(h.State) == ExitCodes.CheckFailed || h.State is HealthState.Waiting) || failure is not null
            ? ExitCodes.CheckFailed
            : ExitCodes.CheckInconclusive;
    }
}
