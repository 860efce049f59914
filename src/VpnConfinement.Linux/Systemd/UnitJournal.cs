using System.Globalization;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Systemd;

/// <summary>What the journal has of a unit, by journalctl.</summary>
public static class UnitJournal
{
    private static readonly string[] Places = ["/usr/bin/journalctl", "/bin/journalctl"];

    /// <summary>The last lines, oldest first; none where there is no journal to ask.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<string> LastLines(string unit, int count) => Ask($"--unit={unit}", count);

    /// <summary>
    /// The last line that a run of a unit wrote itself. systemd's own entries have the field INVOCATION_ID instead
    /// (systemd.journal-fields(7)).
    /// </summary>
    /// <param name="invocation">The run, as systemd's InvocationID has it: 32 hex digits.</param>
    /// <returns>The line; null where the run wrote none or there is no journal to ask.</returns>
    public static string? LastLineOfRun(string invocation) =>
        Ask($"_SYSTEMD_INVOCATION_ID={invocation}", 1) is [.., var line] ? line : null;

    private static string[] Ask(string match, int count)
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
                    match,
                ],
                ["LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"]);
            return result.Status == 0 ? result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];
        }
        catch (SystemFailure)
        {
            // They only explain; what failed is told without them.
            return [];
        }
    }
}
