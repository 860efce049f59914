using System.CommandLine;
using VpnConfinement.Cli.Output;
using VpnConfinement.Health;
using VpnConfinement.Linux.Status;
using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>status</c>: what is running, and in which network namespace it really is.</summary>
internal static class StatusCommand
{
    internal static Command Create()
    {
        var options = new ConfigOptions();
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("status", """
            Show each namespace, its tunnel, its resolvers, what it refused, and where each process of its services really is: the worst first.
            Exit status 4 when something does not work or is not as it was applied, 5 when it could not be told or is still coming up.

            Examples:
              sudo vpn-confinement status
              sudo vpn-confinement status --json | jq .verdict
            """);
        options.AddTo(command, withRoot: false);
        command.Options.Add(json);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("status");
            var status = new StatusReader(Systemctl.Open()).Read();
            status = ConfigurationStatus.Read(ConfigSource.From(parsed, options)) is { } configuration ? status.With(configuration) : status;
            if (parsed.GetValue(json))
            {
                Console.WriteLine(StatusJson.Write(status));
            }
            else
            {
                StatusText.Print(status, DateTimeOffset.UtcNow);
            }

            return HealthStates.ExitStatus(status.State);
        }));
        return command;
    }
}
