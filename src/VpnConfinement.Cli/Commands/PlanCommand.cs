using System.CommandLine;
using VpnConfinement.Cli.Output;
using VpnConfinement.Compile;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>plan</c>: what <c>apply</c> would change. Changes nothing.</summary>
internal static class PlanCommand
{
    internal static Command Create()
    {
        var options = new ConfigOptions();
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var detailed = new Option<bool>("--detailed-exitcode") { Description = "Exit status 6 instead of 0 when there is something to change" };
        var command = new Verb("plan", "Show what 'apply' would change and restart, and why")
        {
            Group = VerbGroup.Host,
            Details = """
                Each file is shown with its lines, then the tunnels that go down, the services that are restarted, and
                why. Nothing is changed. Drift is named as well: what on the host differs from what was applied.
                """,
            Examples =
            [
                new("sudo vpn-confinement plan"),
                new("sudo vpn-confinement plan --json | jq '.restarts[].unit'", "which services would be restarted"),
            ],
            Exits = ExitStatus.With(
                ExitStatus.Refused,
                new(ExitCodes.CheckFailed, "something on the host differs from what was applied"),
                new(ExitCodes.Changes, "with --detailed-exitcode: there is something to change, and no drift")),
            Files = [.. KnownFile.Configuration, .. KnownFile.State],
        };
        options.AddTo(command, withRoot: false);
        command.Options.Add(json);
        command.Options.Add(detailed);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("plan");
            var binary = BinaryPath.Installed("plan");
            var loaded = ConfigPipeline.Load(ConfigSource.From(parsed, options));
            Findings.Print(loaded, json: false);
            if (loaded.Confinement is not { } confinement)
            {
                return ExitCodes.ConfigRefused;
            }

            var forecast = Forecast.Of(Systemctl.Open(), Compiler.Compile(confinement, binary, SocketProxy.In("/") ?? Compiler.DefaultSocketProxy));
            Console.Write(parsed.GetValue(json) ? ForecastJson.Write(forecast) : PlanText.Write(forecast));
            return forecast.Drift.Count > 0 ? ExitCodes.CheckFailed
                : parsed.GetValue(detailed) && !forecast.IsEmpty ? ExitCodes.Changes
                : ExitCodes.Done;
        }));
        return command;
    }
}
