using System.CommandLine;

namespace VpnConfinement.Cli.Commands;

/// <summary>The options of every command that reads a configuration.</summary>
internal sealed class ConfigOptions
{
    internal Option<string?> Config { get; } = new("--config", "-c")
    {
        Description = "Configuration file; '-' is standard input. Default: /etc/vpn-confinement/config.toml with conf.d/*.toml beside it",
        HelpName = "FILE",
    };

    internal Option<string?> Format { get; } = new("--format")
    {
        Description = "'toml' or 'json'. Default: by the file's name; TOML on standard input",
        HelpName = "FORMAT",
    };

    internal Option<string> Root { get; } = new("--root")
    {
        Description = "Look for units, key files and wg-quick files below this folder instead of /",
        HelpName = "DIR",
        DefaultValueFactory = _ => "/",
    };

    internal Option<bool> Strict { get; } = new("--strict") { Description = "Treat warnings as errors" };

    internal Option<bool> Json { get; } = new("--json") { Description = "Print findings as JSON" };

    internal void AddTo(Command command, bool withRoot)
    {
        Format.AcceptOnlyFromAmong("toml", "json");
        command.Options.Add(Config);
        command.Options.Add(Format);
        command.Options.Add(Strict);
        if (withRoot)
        {
            command.Options.Add(Root);
        }
    }
}
