using System.CommandLine;
using VpnConfinement.Cli.Output;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>show</c>: what the configuration comes to, derived names and addresses included. Reads what <c>check</c> reads, and asks nothing running.</summary>
internal static class ShowCommand
{
    internal static Command Create()
    {
        var options = new ConfigOptions();
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Verb("show", "Print the effective settings: addresses, ports, services")
        {
            Group = VerbGroup.Configuration,
            Details = """
                For each namespace: its tunnel, resolvers, rules, addresses on the host, what can be reached from
                where, and which services are confined. It looks at nothing that runs; 'vpn-confinement status' does.
                """,
            Examples =
            [
                new("sudo vpn-confinement show"),
                new(
                    "vpn-confinement show -c config.toml --json | jq '.namespaces.media.derived.hostLink'",
                    "the addresses of the host link, for scripts"),
            ],
            Exits = ExitStatus.With(ExitStatus.Refused),
            Files = KnownFile.Configuration,
        };
        options.AddTo(command, withRoot: true);
        command.Options.Add(json);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            var loaded = ConfigPipeline.Load(ConfigSource.From(parsed, options));
            Findings.Print(loaded, json: false);
            if (loaded.Confinement is not { } confinement)
            {
                return ExitCodes.ConfigRefused;
            }

            Console.Write(parsed.GetValue(json) ? ShowJson.Write(confinement) : ShowText.Write(confinement));
            return ExitCodes.Done;
        }));
        return command;
    }
}
