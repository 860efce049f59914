using System.Text;
using VpnConfinement.Linux.Interop;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Gate;

/// <summary>
/// How the look becomes a command of <c>exec</c>: systemd is told, since an exit status does not say whose it is, and a
/// program that is not there or cannot be run ends as in a shell.
/// </summary>
internal static class CommandProgram
{
    private const string SocketVariable = "NOTIFY_SOCKET=";
    private const string PathVariable = "PATH=";
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    // As shells have it (sh(1p), "Exit Status for Commands").
    private const int CannotRun = 126;
    private const int NotFound = 127;

    /// <summary>Becomes the program. It comes back only where that fails.</summary>
    /// <param name="program">The program as the user wrote it.</param>
    /// <param name="arguments">All arguments, the program's name first.</param>
    /// <returns>The exit status.</returns>
    /// <exception cref="SystemFailure">systemd cannot be told: the command does not run.</exception>
    internal static int Become(string program, List<byte[]> arguments)
    {
        var environment = ProcessTexts.Read("/proc/self/environ");

        // What the command said on it would pass for ours.
        var own = environment.Where(v => !Begins(v, SocketVariable)).ToList();
        Tell(CommandStatus.Started);
        var errno = Errno.ENOENT;
        foreach (var place in Places(program, environment))
        {
            var failed = ProcessTexts.Execute(place, arguments, own);

            // A folder of the search path that is none has no program either.
            errno = failed is Errno.ENOENT or Errno.ENOTDIR ? errno : failed;
        }

        var isMissing = errno == Errno.ENOENT;
        Tell(isMissing ? CommandStatus.NotFound : CommandStatus.NotRun);
        GateProgram.Say(new SystemFailure($"run {program}", errno));
        return isMissing ? NotFound : CannotRun;
    }

    /// <summary>Tells systemd, as <c>STATUS=</c> (sd_notify(3)).</summary>
    /// <exception cref="SystemFailure">It cannot be told.</exception>
    internal static void Tell(string status)
    {
        var socket = ProcessTexts.Read("/proc/self/environ").Find(v => Begins(v, SocketVariable))
            ?? throw new SystemFailure("systemd has not said where it is told of a start (NOTIFY_SOCKET)");
        KernelSocket.SendToUnix(
            Encoding.UTF8.GetString(socket)[SocketVariable.Length..], Encoding.UTF8.GetBytes("STATUS=" + status),
            "tell systemd of the start");
    }

    /// <summary>Tells it of a refusal; where that fails too, the caller sees that nothing was told.</summary>
    internal static void TellRefusal()
    {
        try
        {
            Tell(CommandStatus.Refused);
        }
        catch (SystemFailure e)
        {
            GateProgram.Say(e);
        }
    }

    private static IEnumerable<string> Places(string program, List<byte[]> environment)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return [program];
        }

        var path = environment.Find(v => Begins(v, PathVariable)) is { } variable
            ? Encoding.UTF8.GetString(variable)[PathVariable.Length..]
            : DefaultPath;
        return path.Split(':').Select(f => f.Length == 0 ? $"./{program}" : $"{f}/{program}");
    }

    private static bool Begins(byte[] variable, string name) =>
        variable.AsSpan().StartsWith(Encoding.UTF8.GetBytes(name));
}
