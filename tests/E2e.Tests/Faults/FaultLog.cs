namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>How many points were tried, of which kind, and what came of it: for the test's output and for <c>artifacts/log/faults.txt</c>.</summary>
internal sealed class FaultLog(string title)
{
    // VPNC_BINARY is artifacts/bin/vpn-confinement.
    private static readonly string Place = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Environment.GetEnvironmentVariable("VPNC_BINARY") ?? "artifacts/bin/x")!, "../log/faults.txt"));

    private readonly SortedDictionary<string, SortedDictionary<string, int>> _kinds = new(StringComparer.Ordinal);

    internal int Count { get; private set; }

    internal void Add(string kind, string outcome)
    {
        Count++;
        if (!_kinds.TryGetValue(kind, out var outcomes))
        {
            outcomes = _kinds[kind] = new(StringComparer.Ordinal);
        }

        outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
    }

    /// <summary>Writes the counts, a line for each kind.</summary>
    internal string Write(string end)
    {
        var text = string.Concat(_kinds.Select(k => $"{title}, {k.Key}: {k.Value.Values.Sum()} ({string.Join(", ", k.Value.Select(o => $"{o.Value} {o.Key}"))})\n")) + $"{title}: {Count} points{end}\n";
        Directory.CreateDirectory(Path.GetDirectoryName(Place)!);
        File.AppendAllText(Place, text);
        return text;
    }
}
