using System.CommandLine;
using System.Globalization;
using VpnConfinement.Cli.Commands;

namespace VpnConfinement.Cli.Help;

/// <summary>The manual pages in man(7): vpn-confinement(8), and one for each command that people type.</summary>
internal static class ManPage
{
    private const int Section = 8;

    private static readonly (string, int) Toml = ("vpn-confinement.toml", 5);

    /// <summary>The commands that have a page.</summary>
    internal static IEnumerable<Command> Commands(Command root) => CommandEntries.Listed(root, withUnits: false);

    /// <summary>The name of the page of a command, or of the program.</summary>
    internal static string NameOf(Command command) => CommandEntries.Path(command).Replace(' ', '-');

    /// <summary>The page of a command, or of the program.</summary>
    internal static string Of(Command command)
    {
        var page = new RoffWriter();
        var isProgram = command is RootCommand;
        page.Comment(
            $"Printed by 'vpn-confinement man{(isProgram ? "" : " " + command.Name)}'; change the declarations, not "
            + "this file.");
        page.Title(NameOf(command), Section);
        page.Section("NAME");
        var summary = (command.Description ?? "").TrimEnd('.');
        page.Paragraphs($"{NameOf(command)} - {char.ToLowerInvariant(summary[0])}{summary[1..]}");
        page.Section("SYNOPSIS");
        page.Bold(
            isProgram
            ? "vpn-confinement COMMAND [OPTIONS]"
            : CommandEntries.Path(command) + CommandEntries.Usage(command));
        page.Section("DESCRIPTION");
        page.Paragraphs(isProgram ? ProgramPage.Details : $"{summary}.\n\n{(command as Verb)?.Details}");
        if (isProgram)
        {
            Commands(page, command);
        }

        page.Section("OPTIONS");
        foreach (var entry in CommandEntries.Arguments(command)
            .Concat(isProgram ? OfProgram : CommandEntries.Options(command)))
        {
            page.Tagged(entry.Names.Trim(), entry.Text);
        }

        page.Section("EXAMPLES");
        foreach (var (index, example) in ((command as Verb)?.Examples ?? ProgramPage.Examples).Index())
        {
            page.Example(example.Line, example.Note, index == 0);
        }

        page.Section("EXIT STATUS");
        foreach (var status in (command as Verb)?.Exits ?? ProgramPage.Exits)
        {
            page.Tagged(status.Code.ToString(CultureInfo.InvariantCulture), status.Meaning);
        }

        Files(page, (command as Verb)?.Files ?? ProgramPage.Files);
        SeeAlso(page, command);
        return page.Text;
    }

    private static IReadOnlyList<HelpEntry> OfProgram { get; } =
    [
        new("-h, --help", "Show the commands that people type; of a command, its options and examples"),
        new("--help --all", "Show what only units call as well"),
        new("--version", "Show the version"),
    ];

    private static void Commands(RoffWriter page, Command root)
    {
        page.Section("COMMANDS");
        foreach (var group in CommandEntries.Listed(root, withUnits: true).GroupBy(OverviewText.GroupOf)
            .OrderBy(g => g.Key))
        {
            page.Part(OverviewText.Title(group.Key));
            foreach (var command in group)
            {
                page.Tagged(command.Name, command.Description ?? "");
            }
        }
    }

    private static void Files(RoffWriter page, IReadOnlyList<KnownFile> files)
    {
        if (files.Count > 0)
        {
            page.Section("FILES");
        }

        foreach (var file in files)
        {
            page.Tagged(file.Path, file.Meaning);
        }
    }

    private static void SeeAlso(RoffWriter page, Command command)
    {
        page.Section("SEE ALSO");
        page.Pages(command is RootCommand
            ? [
                .. Commands(command).Select(c => (NameOf(c), Section)), Toml, ("systemd.exec", 5),
                ("network_namespaces", 7), ("nft", 8), ("wg", 8)]
            : [(CommandEntries.Program, Section), Toml]);
    }
}
