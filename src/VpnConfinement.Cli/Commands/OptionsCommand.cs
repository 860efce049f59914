using System.CommandLine;
using VpnConfinement.Config.Reference;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>options</c>: the reference of the configuration, printed from its declarations.</summary>
internal static class OptionsCommand
{
    internal static Command Create()
    {
        var format = new Option<string>("--format")
        {
            Description = "'markdown', 'man', 'json-schema' or 'nix'",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "markdown",
        };
        format.AcceptOnlyFromAmong("markdown", "man", "json-schema", "nix");
        var command = new Verb("options", "Print every option of the configuration")
        {
            Group = VerbGroup.Reference,
            Details = """
                Each option has its type, its default and its meaning. The text is made from what reads the
                configuration.
                """,
            Examples =
            [
                new("vpn-confinement options | less"),
                new("vpn-confinement options --format man > vpn-confinement.toml.5", "the manual page"),
                new("vpn-confinement options --format json-schema > config.schema.json", "for editors"),
                new("vpn-confinement options --format nix > options.nix", "for a NixOS module"),
            ],
        };
        command.Options.Add(format);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            Console.Write(parsed.GetValue(format) switch
            {
                "man" => ManReference.Print(),
                "json-schema" => JsonSchemaReference.Print(),
                "nix" => NixReference.Print(),
                _ => MarkdownReference.Print(),
            });
            return ExitCodes.Done;
        }));
        return command;
    }
}
