using System.Text;
using VpnConfinement.Linux.Interop;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Gate;

/// <summary>
/// How the look becomes a command of <c>exec</c>: that one is told, since an exit status does not say whose it is, and
/// a program that is not there or cannot be run ends as in a shell.
/// </summary>
internal static class CommandProgram
{
    private const string PathVariable = "PATH=";
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    // As shells have it (sh(1p), "Exit Status for Commands").
    private const int CannotRun = 126;
    private const int NotFound = 127;

    /// <summary>Becomes the program. It comes back only where that fails.</summary>
    /// <param name="program">The program as the user wrote it.</param>
    /// <param name="arguments">All arguments, the program's name first.</param>
    /// <param name="caller">The socket of <c>exec</c>.</param>
    /// <returns>The exit status.</returns>
    /// <exception cref="SystemFailure">The caller cannot be told: the command does not run.</exception>
    internal static int Become(string program, List<byte[]> arguments, string caller)
    {
        var environment = ProcessTexts.Read("/proc/self/environ");
        Tell(caller, CommandStatus.Started);
        var errno = Errno.ENOENT;
        foreach (var place in Places(program, environment))
        {
            var failed = ProcessTexts.Execute(place, arguments, environment);

            // A folder of the search path that is none has no program either.
            errno = failed is Errno.ENOENT or Errno.ENOTDIR ? errno : failed;
        }

        GateProgram.Say(new SystemFailure($"run {program}", errno));
        return errno == Errno.ENOENT ? NotFound : CannotRun;
    }

    /// <summary>Tells it of a refusal; where that fails too, the caller sees that nothing was told.</summary>
    /// <param name="caller">The socket of <c>exec</c>.</param>
    internal static void TellRefusal(string caller)
    {
        try
        {
            Tell(caller, CommandStatus.Refused);
        }
        catch (SystemFailure e)
        {
            GateProgram.Say(e);
        }
    }

    private static void Tell(string caller, string status) =>
        KernelSocket.SendToUnix(caller, Encoding.UTF8.GetBytes(status), "tell the caller of the start");

    private static IEnumerable<string> Places(string program, List<byte[]> environment)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return [program];
        }

        var path = environment.Find(v => v.AsSpan().StartsWith(Encoding.UTF8.GetBytes(PathVariable))) is { } variable
            ? Encoding.UTF8.GetString(variable)[PathVariable.Length..]
            : DefaultPath;
        return path.Split(':').Select(f => f.Length == 0 ? $"./{program}" : $"{f}/{program}");
    }
}
