using VpnConfinement.Cli.Output;
using VpnConfinement.Linux;
using VpnConfinement.Linux.Files;

namespace VpnConfinement.Cli.Commands;

/// <summary>The one place where a failure of the machine becomes a message and an exit status.</summary>
internal static class CommandErrors
{
    /// <param name="command">The command.</param>
    /// <param name="failed">The status of a failure.</param>
    /// <param name="unknown">The status of a name that nothing has.</param>
    internal static int Guard(
        Func<int> command, int failed = ExitCodes.SystemFailed, int unknown = ExitCodes.Usage)
    {
        try
        {
            return command();
        }
        catch (UnknownName e)
        {
            Terminal.Failure(e.Message, e.Remedy);
            return unknown;
        }
        catch (SystemFailure e)
        {
            Terminal.Failure(e.Message, e.Remedy);
            return failed;
        }
        catch (UnauthorizedAccessException e)
        {
            Terminal.Failure(e.Message, "run this as root");
            return failed;
        }
        catch (UnreadableFileException e)
        {
            Terminal.Failure(e.Message, UnreadableFileException.Remedy);
            return failed;
        }
        catch (IOException e)
        {
            Terminal.Failure(e.Message, "check the disk and the permissions of that path, then run this again");
            return failed;
        }
        catch (Exception e) // nobody's: by itself it would end with the status of a refused configuration
        {
            Terminal.Failure($"vpn-confinement has a fault: {e}", "run this again; please report what is said here");
            return failed;
        }
    }

    /// <summary>Refuses to go on without root.</summary>
    internal static void RequireRoot(string command)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new SystemFailure($"'{command}' needs root: it works on network namespaces and on systemd", $"run 'sudo vpn-confinement {command}'");
        }
    }
}
