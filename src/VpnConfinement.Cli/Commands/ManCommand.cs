using System.CommandLine;
using VpnConfinement.Cli.Help;
using VpnConfinement.Linux;
using VpnConfinement.Text;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>man</c>: the manual pages, made from what declares the commands.</summary>
internal static class ManCommand
{
    internal static Command Create()
    {
        var name = new Argument<string?>("COMMAND")
        {
            Description = "A command that people type; without it, the page of the program",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Verb("man", "Print a manual page, for man(1) and for packages")
        {
            Group = VerbGroup.Reference,
            Details = """
                The page is in the language of man(7). It is made from the declarations that --help prints from.
                """,
            Examples =
            [
                new("vpn-confinement man apply | man -l -", "read it"),
                new("vpn-confinement man > vpn-confinement.8", "for a package"),
            ],
        };
        command.Arguments.Add(name);
        name.CompletionSources.Add(_ => ManPage.Commands(Root(command)).Select(c => c.Name));
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            var root = Root(command);
            var pages = ManPage.Commands(root).ToDictionary(c => c.Name, StringComparer.Ordinal);
            var wanted = parsed.GetValue(name);
            if (wanted is null || pages.ContainsKey(wanted))
            {
                Console.Write(ManPage.Of(wanted is null ? root : pages[wanted]));
                return ExitCodes.Done;
            }

            throw new UnknownName(
                $"there is no manual page of '{Visible.Text(wanted)}'", wanted, pages.Keys,
                "'vpn-confinement --help' lists the commands that have one; the others are in 'vpn-confinement man'");
        }));
        return command;
    }

    private static Command Root(Command command) => CommandEntries.Parent(command)!;
}
