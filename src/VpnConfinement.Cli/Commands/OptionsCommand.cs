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
            Description = "'markdown', 'man' or 'json-schema'",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "markdown",
        };
        format.AcceptOnlyFromAmong("markdown", "man", "json-schema");
        var command = new Command("options", """
            Print every option of the configuration, with type, default and meaning.

            Examples:
              vpn-confinement options | less
              vpn-confinement options --format man > vpn-confinement.toml.5                    for man(1)
              vpn-confinement options --format json-schema > vpn-confinement.schema.json       for editors
            """);
        command.Options.Add(format);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            Console.Write(parsed.GetValue(format) switch
            {
                "man" => ManReference.Print(),
                "json-schema" => JsonSchemaReference.Print(),
                _ => MarkdownReference.Print(),
            });
            return ExitCodes.Done;
        }));
        return command;
    }
}
