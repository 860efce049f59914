using System.CommandLine;
using VpnConfinement.Cli.Output;
using VpnConfinement.Linux.Status;
using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>status</c>: what is running, and in which network namespace it really is.</summary>
internal static class StatusCommand
{
    internal static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("status", """
            Show each namespace, its tunnel, what it refused, and where each process of its services really is. Exit status 4 when something is wrong, 5 when it could not be told.

            Examples:
              sudo vpn-confinement status
              sudo vpn-confinement status --json | jq .verdict
            """);
        command.Options.Add(json);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("status");
            var status = new StatusReader(Systemctl.Open()).Read();
            if (parsed.GetValue(json))
            {
                Console.WriteLine(StatusJson.Write(status));
            }
            else
            {
                StatusText.Print(status, DateTimeOffset.UtcNow);
            }

            return status.Verdict switch
            {
                Verdict.Ok => ExitCodes.Done,
                Verdict.Bad => ExitCodes.CheckFailed,
                Verdict.Unknown => ExitCodes.CheckInconclusive,
                _ => throw new InvalidOperationException("a verdict of an unknown kind"),
            };
        }));
        return command;
    }
}
