using System.Diagnostics;
using System.Globalization;
using VpnConfinement.Health;

namespace VpnConfinement.Linux.Status;

/// <summary>What systemd says of units, as the health model takes it (org.freedesktop.systemd1(5)).</summary>
internal static class UnitStates
{
    /// <summary>When a unit came into the state that it is in, microseconds of CLOCK_MONOTONIC.</summary>
    internal const string StateChange = "StateChangeTimestampMonotonic";

    /// <summary>The properties to ask for.</summary>
    internal static readonly string[] Properties =
    [
        "LoadState", "ActiveState", "SubState", "Type", "Result", "RemainAfterExit", "NRestarts", "TriggeredBy", "ExecMainStartTimestampMonotonic",
        "ExecMainExitTimestampMonotonic", "ActiveExitTimestampMonotonic", StateChange,
    ];

    /// <summary>Now, on the clock of systemd's monotonic times (CLOCK_MONOTONIC).</summary>
    internal static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    /// <summary>The state that some properties tell.</summary>
    internal static UnitState Of(IReadOnlyDictionary<string, string> shown)
    {
        return new UnitState
        {
            Load = shown.GetValueOrDefault("LoadState"),
            Active = shown.GetValueOrDefault("ActiveState"),
            Sub = shown.GetValueOrDefault("SubState"),
            Type = shown.GetValueOrDefault("Type"),
            Result = shown.GetValueOrDefault("Result"),
            RemainsAfterExit = shown.GetValueOrDefault("RemainAfterExit") == "yes",
            IsTriggered = (shown.GetValueOrDefault("TriggeredBy") ?? "").Split(' ').Any(u => u.EndsWith(".timer", StringComparison.Ordinal) || u.EndsWith(".path", StringComparison.Ordinal)),
            Restarts = int.TryParse(shown.GetValueOrDefault("NRestarts"), NumberStyles.None, CultureInfo.InvariantCulture, out var restarts) ? restarts : 0,
            Started = Time(shown, "ExecMainStartTimestampMonotonic"),
            Ended = Time(shown, "ExecMainExitTimestampMonotonic"),
            LeftActive = Time(shown, "ActiveExitTimestampMonotonic"),
            Since = TimeOf(shown, StateChange),
        };
    }

    /// <summary>
    /// A property that is a monotonic time, as the host's clock has it now; null where it is 0 or none.
    /// </summary>
    internal static DateTimeOffset? TimeOf(IReadOnlyDictionary<string, string> shown, string property) =>
        Time(shown, property) is { } at ? DateTimeOffset.UtcNow - (Now - at) : null;

    private static TimeSpan? Time(IReadOnlyDictionary<string, string> shown, string property) =>
        long.TryParse(shown.GetValueOrDefault(property), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
}
