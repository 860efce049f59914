using System.Globalization;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Verify;

namespace VpnConfinement.Linux.Verify;

/// <summary>
/// A program of ours that sends canaries as a running service: born in its network namespace, in its control group, as
/// its user and groups, without capabilities. It stays in the host's mount namespace, so nothing of the service's is
/// loaded into it. The service's filter of system calls is not on it, which could only take ways away.
/// </summary>
public static class Probe
{
    /// <summary>The word of the hidden command that the program calls itself by.</summary>
    public const string Command = "verify-probe";

    // Also in a group that is frozen.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Starts it, and waits for its end.</summary>
    /// <param name="netns">The network namespace.</param>
    /// <param name="pid">A process of the service.</param>
    /// <param name="canaries">What it is to send.</param>
    /// <returns>How each send ended.</returns>
    /// <exception cref="SystemFailure">It could not do its work.</exception>
    internal static IReadOnlyDictionary<Canary, string> Run(
        SafeFileHandle netns, int pid, IReadOnlyList<Canary> canaries)
    {
        var user = ProbeUser.Of(pid);
        var folder = ControlGroup.Folder(user.ControlGroup)
            ?? throw new SystemFailure($"there is no control group {user.ControlGroup}");
        string[] arguments =
        [
            Command, folder, Text(user.User), Text(user.Group), $"groups={string.Join(',', user.Groups.Select(Text))}",
            .. canaries.Select(c => $"{c}"),
        ];
        var program = Environment.ProcessPath ?? throw new SystemFailure("the path of this program is not known");

        // All threads of it are born where the thread is that starts it: nobody takes it for one outside.
        var result = NetnsThread.Run(netns, () => ChildProcess.Run(program, arguments, ["LC_ALL=C.UTF-8"], Patience));
        if (result.Status != 0)
        {
            throw new SystemFailure(
                $"the probe ended with status {result.Status}"
                + (result.Error.Length > 0 ? $": {result.Error.Split('\n')[0]}" : ""));
        }

        var answers = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ', 2))
            .Where(l => l.Length == 2).DistinctBy(l => l[0]).ToDictionary(l => l[0], l => l[1], StringComparer.Ordinal);
        return canaries.Where(c => answers.ContainsKey(c.Token)).ToDictionary(c => c, c => answers[c.Token]);
    }

    /// <summary>What the probe itself does.</summary>
    /// <param name="arguments">Folder of the control group, user, group, other groups, canaries.</param>
    /// <param name="say">Takes a line for each canary.</param>
    /// <exception cref="SystemFailure">It could not become what it is to be, and sent nothing.</exception>
    public static void Send(string[] arguments, Action<string> say)
    {
        if (arguments is not [var folder, var user, var group, var groups, .. var canaries]
            || !groups.StartsWith("groups=", StringComparison.Ordinal))
        {
            throw new SystemFailure("the probe was given something else than it knows");
        }

        var known = canaries.Select(c => Canary.TryParse(c) ?? throw new SystemFailure($"'{c}' is no canary")).ToList();
        KernelFile.Write(folder + "/cgroup.procs", "0");
        KernelProcess.BecomeUser(
            Number(user),
            Number(group),
            [.. groups["groups=".Length..].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number)]);
        foreach (var canary in known)
        {
            say($"{canary.Token} {CanarySender.Send(canary)}");
        }
    }

    private static string Text(uint number) => number.ToString(CultureInfo.InvariantCulture);

    private static uint Number(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new SystemFailure($"'{text}' is no number");
}
