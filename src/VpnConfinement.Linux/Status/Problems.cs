using System.Text.Json;
using VpnConfinement.Drift;
using VpnConfinement.Health;

namespace VpnConfinement.Linux.Status;

/// <summary>Collects what is wrong and what could not be told.</summary>
internal sealed class Problems
{
    private readonly List<Problem> _all = [];

    internal IReadOnlyList<Problem> All => _all;

    internal IReadOnlyList<string> Lines =>
        [.. _all.Where(p => p.State > HealthState.Idle).OrderByDescending(p => p.State).Select(p => p.Line)];

    /// <summary>Takes what drifted.</summary>
    internal void Add(IEnumerable<DriftEntry> drift) => _all.AddRange(drift.Select(Problem.Of));

    /// <summary>Something is wrong.</summary>
    /// <param name="line">What, and what to do.</param>
    /// <param name="state">How bad it is.</param>
    internal void Bad(string line, HealthState state = HealthState.Degraded) => _all.Add(new Problem(state, line));

    /// <summary>Something could not be told.</summary>
    internal void Unknown(string line) => _all.Add(new Problem(HealthState.Unknown, line));

    /// <summary>No unit needs the tunnel.</summary>
    internal void TunnelIsUnneeded()
    {
        for (var i = 0; i < _all.Count; i++)
        {
            _all[i] = _all[i].WithTunnelUnneeded();
        }
    }

    /// <summary>Asks; what cannot be answered is a line, and the default.</summary>
    internal T? Try<T>(string what, Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException or JsonException)
        {
            Unknown($"{what} could not be read: {e.Message}");
            return default;
        }
    }
}
