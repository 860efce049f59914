using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using VpnConfinement.Cli.Commands;
using VpnConfinement.Cli.Help;

namespace VpnConfinement.Cli.Completion;

/// <summary>Which words may come next on a command line, from the declarations of the commands.</summary>
internal static class Completer
{
    /// <summary>The candidates for the last word.</summary>
    /// <param name="root">The program.</param>
    /// <param name="words">The words after the program's name; the last one is being typed and may be empty.</param>
    internal static IReadOnlyList<Candidate> Complete(Command root, IReadOnlyList<string> words)
    {
        var current = words.Count == 0 ? "" : words[^1];
        if (Walk(root, words.SkipLast(1)) is not { } place)
        {
            return [];
        }

        var (command, arguments, pending, isOver) = place;
        if (pending is not null)
        {
            return StartingWith(current, Values(pending, pending.HelpName));
        }

        if (!isOver && current.StartsWith('-'))
        {
            var equals = current.IndexOf('=', StringComparison.Ordinal);
            return equals < 0
                ? StartingWith(current, Options(root, command))
                : OfOption(command, current[..equals], current[(equals + 1)..]);
        }

        return StartingWith(current, command.Subcommands.Count > 0
            ? Subcommands(root, command, current)
            : ArgumentAt(command, arguments) is { } argument
            ? Values(argument, argument.HelpName ?? argument.Name)
            : []);
    }

    // The command that the words lead to, how many of its arguments they hold, the option that still lacks its value,
    // and whether '--' ended the options. Null where a word is no command.
    private static (Command Command, int Arguments, Option? Pending, bool IsOver)? Walk(
        Command root, IEnumerable<string> before)
    {
        var command = root;
        var arguments = 0;
        Option? pending = null;
        var isOver = false;
        foreach (var word in before)
        {
            if (pending is not null)
            {
                pending = null;
            }
            else if (!isOver && word == "--")
            {
                isOver = true;
            }
            else if (!isOver && word.StartsWith('-'))
            {
                pending = Find(command, word) is { } option && TakesValue(option) ? option : null;
            }
            else if (command.Subcommands.FirstOrDefault(c => c.Name == word) is { } below)
            {
                command = below;
            }
            else if (command.Subcommands.Count > 0)
            {
                return null;
            }
            else
            {
                arguments++;
            }
        }

        return (command, arguments, pending, isOver);
    }

    private static IReadOnlyList<Candidate> OfOption(Command command, string name, string value) =>
        Find(command, name) is { } option && TakesValue(option)
            ? [
                .. StartingWith(value, Values(option, option.HelpName))
                .Select(c => c.Word.StartsWith(':') ? c : c with { Word = $"{name}={c.Word}" })]
            : [];

    private static Option? Find(Command command, string name) =>
        command.Options.FirstOrDefault(o => o.Name == name || o.Aliases.Contains(name));

    private static bool TakesValue(Option option) => option.HelpName is not null;

    private static Argument? ArgumentAt(Command command, int position) =>
        command.Arguments.Count == 0 ? null
        : position < command.Arguments.Count ? command.Arguments[position]
        : command.Arguments[^1] is { Arity.MaximumNumberOfValues: > 1 } last ? last
        : null;

    // What units call is found by those who begin to type it.
    private static IEnumerable<Candidate> Subcommands(Command root, Command command, string current) =>
        CommandEntries.Listed(command, withUnits: command != root || current.Length > 0)
            .Where(c => c is not Verb { Group: VerbGroup.Hidden })
            .Select(c => new Candidate(c.Name, c.Description ?? ""));

    private static IEnumerable<Candidate> Options(Command root, Command command) =>
    [
        .. command.Options.Where(o => !o.Hidden && o is not HelpOption)
        .Select(o => new Candidate(o.Name, About(o.Description))),
        new("--help", command == root ? "Show the commands" : "Show options and examples"),
    ];

    private static IEnumerable<Candidate> Values(Symbol symbol, string? kind) => kind switch
    {
        "FILE" or "PATH" => [Candidate.Files],
        "DIR" or "FOLDER" => [Candidate.Folders],
        _ => symbol.GetCompletions(CompletionContext.Empty).Select(i => new Candidate(i.Label, About(i.Detail))),
    };

    private static List<Candidate> StartingWith(string current, IEnumerable<Candidate> candidates) =>
        [
            .. candidates.Where(
                c => c.Word.StartsWith(':') || c.Word.StartsWith(current, StringComparison.OrdinalIgnoreCase))];

    // The first sentence: a shell has one line for it.
    private static string About(string? text) => (text ?? "").Split(". ")[0].Split('\n')[0];
}
