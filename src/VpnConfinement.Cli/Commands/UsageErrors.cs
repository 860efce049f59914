using System.CommandLine;
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
            Terminal.Failure(error.Message, $"{Meant(parsed, error.Message)}'{command} --help' lists what it takes");
        }

        return parsed.CommandResult.Command is Verb verb ? verb.UsageStatus : ExitCodes.Usage;
    }

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
