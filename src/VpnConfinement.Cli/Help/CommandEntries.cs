using System.CommandLine;
using System.CommandLine.Help;
using VpnConfinement.Cli.Commands;

namespace VpnConfinement.Cli.Help;

/// <summary>What a command takes, in words: the one source of help texts and manual pages.</summary>
internal static class CommandEntries
{
    internal const string Program = "vpn-confinement";

    /// <summary>The words of a command, the program's name first.</summary>
    internal static string Path(Command command) =>
        Parent(command) is { } parent ? $"{Path(parent)} {command.Name}" : Program;

    /// <summary>The command that it is below, or null for the program itself.</summary>
    internal static Command? Parent(Command command) => command.Parents.OfType<Command>().FirstOrDefault();

    /// <summary>The commands below it that are listed.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withUnits">Whether those that units run are listed too.</param>
    internal static IEnumerable<Command> Listed(Command command, bool withUnits) =>
        command.Subcommands.Where(c => !c.Hidden && (withUnits || c is not Verb { Group: VerbGroup.Units }));

    /// <summary>What follows the words of a command.</summary>
    internal static string Usage(Command command) => string.Concat(
        (string[])[
            command.Options.Any(o => !o.Hidden) ? " [OPTIONS]" : "",
            .. command.Options.Where(o => o.Required).Select(o => $" {o.Name} {o.HelpName}"),
            .. command.Arguments.Select(a => Usage(a, a == (command as Verb)?.BehindDashes ? "-- " : "")),
            command.Subcommands.Count > 0 ? " COMMAND" : "",
        ]);

    internal static IReadOnlyList<HelpEntry> Arguments(Command command) =>
        [.. command.Arguments.Select(a => new HelpEntry(a.Name, a.Description ?? ""))];

    /// <summary>Its options, and <c>--help</c> at the end.</summary>
    internal static IReadOnlyList<HelpEntry> Options(Command command) =>
    [
        .. command.Options.Where(o => !o.Hidden && o is not HelpOption and not VersionOption)
            .Select(o => new HelpEntry(Names(o), Text(o))),
        new("-h, --help", "Show this help"),
    ];

    private static string Usage(Argument argument, string dashes)
    {
        var name = dashes + (argument.Arity.MaximumNumberOfValues > 1 ? argument.Name + "..." : argument.Name);
        return argument.Arity.MinimumNumberOfValues > 0 ? $" {name}" : $" [{name}]";
    }

    // Without a short name the long one stands below other long ones.
    private static string Names(Option option)
    {
        var small = option.Aliases.FirstOrDefault(a => a.Length == 2);
        var value = option.HelpName is { } name ? $" {name}" : "";
        return $"{(small is null ? "    " : $"{small}, ")}{option.Name}{value}";
    }

    private static string Text(Option option) =>
        option is { HasDefaultValue: true, HelpName: not null }
            ? $"{option.Description} (default: {option.GetDefaultValue()})"
            : option.Description ?? "";
}
