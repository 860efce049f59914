using VpnConfinement.Health;
using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Linux.Status;

/// <summary>The last line in the journal of each unit that failed.</summary>
/// <param name="systemctl">The running systemd.</param>
public sealed class FailedLines(Systemctl systemctl)
{
    // Each costs a run of journalctl, about 20 ms. The others have their remedy, which names the journal.
    private const int MostUnits = 20;

    // When it left the state inactive or failed (org.freedesktop.systemd1(5)).
    private const string Start = "InactiveExitTimestampMonotonic";

    /// <summary>Adds them. What cannot be read is left out: the line only explains.</summary>
    public HostStatus AddTo(HostStatus status)
    {
        var failed = status.Health
            .Where(h => h.State is HealthState.Failed
                && h.Kind is HealthKind.Service or HealthKind.Socket or HealthKind.Published)
            .Select(h => h.Name).Distinct(StringComparer.Ordinal).Take(MostUnits).ToList();
        if (failed.Count == 0)
        {
            return status;
        }

        var starts = Starts(failed);
        var lines = failed.ToDictionary(u => u, u => Line(u, starts.GetValueOrDefault(u)), StringComparer.Ordinal);
        return status with { Namespaces = [.. status.Namespaces.Select(n => With(n, lines))] };
    }

    private static NamespaceStatus With(NamespaceStatus ns, Dictionary<string, string?> lines) => ns with
    {
        Services = [.. ns.Services.Select(s => s with { LastLine = lines.GetValueOrDefault(s.Unit) })],
        Sockets = [.. ns.Sockets.Select(s => s with { LastLine = lines.GetValueOrDefault(s.Unit) })],
        Published = [.. ns.Published.Select(s => s with { LastLine = lines.GetValueOrDefault(s.Unit) })],
    };

    // The program's own words say more than systemd's, which come after them.
    private static string? Line(string unit, DateTimeOffset? start) =>
        (start is { } since ? UnitJournal.LastOwnLine(unit, since) : null)
        ?? (UnitJournal.LastLines(unit, UnitJournal.Several) is [.., var last] ? last : null);

    // When the run began that failed; nothing of a unit that systemd has forgotten.
    private Dictionary<string, DateTimeOffset?> Starts(IReadOnlyList<string> units)
    {
        try
        {
            return systemctl.ShowAll(units, Start).ToDictionary(
                u => u.Key, u => UnitStates.TimeOf(u.Value, Start), StringComparer.Ordinal);
        }
        catch (SystemFailure)
        {
            return [];
        }
    }
}
