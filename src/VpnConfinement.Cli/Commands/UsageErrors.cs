using System.CommandLine;
using System.CommandLine.Parsing;
using VpnConfinement.Cli.Output;
using VpnConfinement.Text;

namespace VpnConfinement.Cli.Commands;

/// <summary>A command line that cannot be understood.</summary>
internal static class UsageErrors
{
    internal static int Print(ParseResult parsed)
    {
        var command = string.Join(' ', Names(parsed.CommandResult.Command));
        // A misspelt command counts as a missing one too, which says nothing more.
        var misspelt = parsed.CommandResult.Command.Subcommands.Any() ? parsed.Errors.Where(e => parsed.UnmatchedTokens.Any(t => Names(e.Message, t))).ToList() : [];
        foreach (var error in misspelt.Count > 0 ? misspelt : parsed.Errors)
        {
            Terminal.Failure(
                Text(error, command), $"{Meant(parsed, error.Message)}'{command} --help' lists what it takes");
        }

        return parsed.CommandResult.Command is Verb verb ? verb.UsageStatus : ExitCodes.Usage;
    }

    // System.CommandLine says of which command an argument is missing, and not which one.
    private static string Text(ParseError error, string command) =>
        error.SymbolResult is ArgumentResult { Tokens.Count: 0, Argument: var argument }
            && argument.Parents.OfType<Command>().Any()
            && error.Message.StartsWith("Required argument missing", StringComparison.Ordinal)
            ? $"Required argument missing: '{command}' needs {argument.HelpName ?? argument.Name}"
            : error.Message;

    private static string Meant(ParseResult parsed, string message)
    {
        var command = parsed.CommandResult.Command;
        var known = command.Subcommands.Select(c => c.Name).Concat(command.Options.Select(o => o.Name)).ToList();
        return parsed.UnmatchedTokens.Where(t => Names(message, t)).Select(t => NearestName.Of(t, known)).FirstOrDefault(n => n is not null) is { } near
            ? $"did you mean '{near}'? "
            : "";
    }

    private static bool Names(string message, string token) => message.Contains($"'{token}'", StringComparison.Ordinal);

    private static IEnumerable<string> Names(Symbol command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? [.. Names(parent), command.Name] : ["vpn-confinement"];
}
