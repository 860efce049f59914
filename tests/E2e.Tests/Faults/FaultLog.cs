using System.Diagnostics;

namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>How many points were tried, of which kind, and what came of it: for the test's output and for <c>artifacts/log/faults.txt</c>, which <c>./test</c> sums up.</summary>
internal sealed class FaultLog(string title, ITestOutputHelper output)
{
    // VPNC_BINARY is artifacts/bin/vpn-confinement.
    private static readonly string Place = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Environment.GetEnvironmentVariable("VPNC_BINARY") ?? "artifacts/bin/x")!, "../log/faults.txt"));

    // Classes of tests run beside each other.
    private static readonly Lock Writing = new();

    private readonly SortedDictionary<string, SortedDictionary<string, int>> _kinds = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _sums = new(StringComparer.Ordinal);
    private readonly List<string> _failures = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _count;
    private int _notReached;

    /// <summary>Tries a point.</summary>
    /// <returns>What came of it; null where it was wrong.</returns>
    internal string? Try(FaultChange change, FaultPoint point, FaultTrial trial, Func<string> run)
    {
        try
        {
            var outcome = run();
            var sum = outcome.Split(';')[0];
            sum = sum.EndsWith(FaultTrial.AsBefore, StringComparison.Ordinal) ? FaultTrial.AsBefore : sum;
            _notReached += sum == FaultTrial.NotReached ? 1 : 0;
            Count(_sums, sum);
            Count(point.Kind, outcome);
            return outcome;
        }
        catch (FaultException e)
        {
            Count(point.Kind, "WRONG");
            _failures.Add($"{change.Id}, {point}\n    hit {trial.Hit}\n    {e.Message}");
            return null;
        }
    }

    /// <summary>Writes the counts, a line for each kind, and fails where a point was wrong or where too few were hit.</summary>
    /// <param name="isSample">Whether the points are a few of all that there are.</param>
    internal void Finish(bool isSample)
    {
        var kinds = string.Concat(_kinds.Select(k => $"{title}, {k.Key}: {k.Value.Values.Sum()} ({List(k.Value)})\n"));
        var text = $"{kinds}{title}: {_count} points tried ({List(_sums)}), {_failures.Count} wrong, {_clock.Elapsed.TotalSeconds:0} s\n";
        Directory.CreateDirectory(Path.GetDirectoryName(Place)!);
        lock (Writing)
        {
            File.AppendAllText(Place, text);
        }

        output.WriteLine(text);
        Assert.True(_failures.Count == 0, string.Join('\n', _failures));
        if (!FaultPoint.IsNamed)
        {
            // Two runs are not the same call for call: what had ended by itself is not stopped. A fault that hits nothing shows nothing.
            Assert.True(_count > 0, $"{title}: there is no point to try");
            var most = isSample ? Math.Min(1, _count - 1) : _count / 10;
            Assert.True(_notReached <= most, $"{title}: {_notReached} of {_count} points were not reached\n{text}");
        }
    }

    private static string List(SortedDictionary<string, int> counts) => string.Join(", ", counts.Select(o => $"{o.Value} {o.Key}"));

    private static void Count(SortedDictionary<string, int> counts, string what) => counts[what] = counts.GetValueOrDefault(what) + 1;

    private void Count(string kind, string outcome)
    {
        _count++;
        if (!_kinds.TryGetValue(kind, out var outcomes))
        {
            outcomes = _kinds[kind] = new(StringComparer.Ordinal);
        }

        Count(outcomes, outcome);
    }
}
