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
        var command = new Verb("status", "Show what works, what does not, and where processes are")
        {
            Group = VerbGroup.State,
            Details = """
                Each namespace has its tunnel, its resolvers, what it refused, and the network namespace that each
                process of its services is really in. The worst comes first.
                """,
            Examples =
            [
                new("sudo vpn-confinement status"),
                new("sudo vpn-confinement status --json | jq .verdict", "one word for scripts"),
            ],
            Exits = ExitStatus.With(
                new(ExitCodes.Done, "all of it works or is idle"),
                new(ExitCodes.CheckFailed, "something does not work, or differs from what was applied"),
                new(ExitCodes.CheckInconclusive, "it could not be told, or is still coming up")),
            Files = [.. KnownFile.Configuration, .. KnownFile.State],
        };
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
