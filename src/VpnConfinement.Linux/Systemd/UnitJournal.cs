using System.Globalization;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Systemd;

/// <summary>What the journal has of a unit, by journalctl.</summary>
public static class UnitJournal
{
    // With '--lines=1', journalctl 252 prints the first of some entries of the same microsecond, not the last.
    internal const int Several = 10;

    // A service writes entries of megabytes where it likes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly string[] Places = ["/usr/bin/journalctl", "/bin/journalctl"];

    /// <summary>
    /// The last lines, oldest first; none where there is no journal to ask, or they are too long. Without those in which
    /// systemd says that it ignores something: 262 writes two for each process that it ends in a container.
    /// </summary>
    /// <param name="unit">The unit.</param>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<string> LastLines(string unit, int count) =>
        [.. Ask(2 * count, $"--unit={unit}").Where(line => !IsIgnored(unit, line)).TakeLast(count)];

    /// <summary>Whether it is such a line: <c>UNIT: Failed to read pids.max ..., ignoring: No data available</c>.</summary>
    internal static bool IsIgnored(string unit, string line) =>
        line.StartsWith(unit + ": ", StringComparison.Ordinal)
        && line.Contains(", ignoring: ", StringComparison.Ordinal);

    /// <summary>
    /// The last line that processes of a unit wrote since a time. systemd's own entries about it have the field UNIT
    /// instead of _SYSTEMD_UNIT (systemd.journal-fields(7)).
    /// </summary>
    /// <param name="unit">The unit.</param>
    /// <param name="since">The start of its run.</param>
    /// <returns>The line; null where they wrote none or there is no journal to ask.</returns>
    public static string? LastOwnLine(string unit, DateTimeOffset since) => Ask(
        Several, $"--since=@{since.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}", $"_SYSTEMD_UNIT={unit}")
        is [.., var line] ? line : null;

    private static string[] Ask(int count, params ReadOnlySpan<string> matches)
    {
        if (Array.Find(Places, File.Exists) is not { } path)
        {
            return [];
        }

        try
        {
            var result = ChildProcess.Run(
                path,
                [
                    "--quiet", "--no-pager", "--output=cat", $"--lines={count.ToString(CultureInfo.InvariantCulture)}",
                    .. matches,
                ],
                ["LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"],
                Patience);
            return result.Status == 0 ? result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];
        }
        catch (SystemFailure)
        {
            // They only explain; what failed is told without them.
            return [];
        }
    }
}
