using System.CommandLine;
using VpnConfinement.Linux.Exec;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>exec-caller</c>: ends with the caller of <c>exec</c>, and takes the command along.</summary>
internal static class ExecCallerCommand
{
    internal static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "What tells the command from others" };
        var command = new Verb("exec-caller", "Wait for the end of a caller of exec")
        {
            Group = VerbGroup.Hidden,
            Hidden = true,
            Examples = [new("vpn-confinement exec-caller 0123456789abcdef")],
        };
        command.Arguments.Add(id);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("exec-caller");
            CallerPipe.Wait(parsed.GetValue(id)!);
            return ExitCodes.Done;
        }));
        return command;
    }
}
