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
        var command = new Command("show", """
            Show what the configuration comes to: each namespace's tunnel, resolvers, rules, addresses on the host, what can be reached from where, and who is confined. Looks at nothing that runs ('status' does).

            Examples:
              sudo vpn-confinement show
              vpn-confinement show -c config.toml --root tree --json | jq '.namespaces.media.derived.hostLink.nsAddressIPv4'
            """);
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
