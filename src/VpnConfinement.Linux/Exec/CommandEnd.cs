using System.Globalization;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Exec;

/// <summary>How a command ended, by what systemd says of its unit.</summary>
/// <param name="Status">The exit status for the caller.</param>
/// <param name="Message">What to tell; null where the command's own status says it.</param>
/// <param name="Remedy">What to do; null where nothing is known.</param>
public sealed record CommandEnd(int Status, string? Message, string? Remedy)
{
    /// <summary>The tunnel took the command away.</summary>
    public const int TunnelLost = 124;

    /// <summary>We failed or refused; the command did not run.</summary>
    public const int Failed = 125;

    /// <summary>The program cannot be run.</summary>
    public const int CannotRun = 126;

    /// <summary>There is no such program.</summary>
    public const int NotFound = 127;

    private const int BySignal = 128;

    // systemd.exec(5), "Process Exit Codes": what systemd ends with before it starts a program.
    private const int FolderStatus = 200;
    private const int UserStatus = 217;

    // CLD_EXITED, CLD_KILLED and CLD_DUMPED (sigaction(2)).
    private const string Exited = "1";
    private static readonly string[] Signalled = ["2", "3"];

    /// <summary>The properties to ask systemd for.</summary>
    internal static IReadOnlyList<string> Properties { get; } =
        ["ActiveState", "ExecMainCode", "ExecMainStatus", "ExecMainStartTimestampMonotonic", "Result"];

    /// <summary>Reads it.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="told">What the look told, of <see cref="CommandStatus"/>; empty where it told nothing.</param>
    /// <param name="shown">What systemd says of the unit, which has ended.</param>
    /// <param name="isTunnelLost">Whether what the unit is bound to went away under it.</param>
    internal static CommandEnd Of(
        string ns, string told, IReadOnlyDictionary<string, string> shown, bool isTunnelLost)
    {
        var hasStarted = shown.GetValueOrDefault("ExecMainStartTimestampMonotonic") is not (null or "" or "0");

        // With the caller's unit gone, systemd may not know that of the command any more.
        if (isTunnelLost && (hasStarted || shown.GetValueOrDefault("LoadState") is "not-found"))
        {
            return new CommandEnd(
                TunnelLost, $"the tunnel of namespace {ns} went down, and the command was ended with it",
                "see 'vpn-confinement status', then run the command again");
        }

        var code = shown.GetValueOrDefault("ExecMainCode") ?? "";
        var status = int.TryParse(
            shown.GetValueOrDefault("ExecMainStatus"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : -1;
        return told switch
        {
            CommandStatus.Started when code == Exited && status >= 0 => new CommandEnd(status, null, null),
            CommandStatus.Started when Signalled.Contains(code) && status > 0 =>
                new CommandEnd(BySignal + status, null, null),
            CommandStatus.Refused =>
                Refusal($"the start gate of namespace {ns} refused the command, which did not run"),
            CommandStatus.Started => Refusal("it is not known how the command ended"),
            _ => !hasStarted ? Refusal($"the command did not run in namespace {ns}: systemd did not start it")
                : NotStarted(ns, shown, code, status),
        };
    }

    private static CommandEnd NotStarted(
        string ns, IReadOnlyDictionary<string, string> shown, string code, int status) =>
        (code, status) switch
        {
            (Exited, FolderStatus) => new CommandEnd(
                Failed, "the command did not run: its user cannot enter the folder, or it is not there",
                "choose another one with --chdir"),
            (Exited, UserStatus) => new CommandEnd(
                Failed, "the command did not run: there is no such user, or systemd cannot become it",
                "choose another one with --user"),

            // Ended before it was the command.
            (not Exited, > 0) when Signalled.Contains(code) => new CommandEnd(BySignal + status, null, null),
            _ => Refusal($"the command did not run in namespace {ns}: systemd could not set it up "
                + $"({shown.GetValueOrDefault("Result")}, status {status})"),
        };

    private static CommandEnd Refusal(string message) =>
        new(Failed, message, "run 'vpn-confinement status', then 'vpn-confinement apply' where something is wrong");
}
