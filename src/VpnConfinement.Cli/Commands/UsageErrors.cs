using System.CommandLine;
using VpnConfinement.Cli.Output;

namespace VpnConfinement.Cli.Commands;

/// <summary>A command line that cannot be understood.</summary>
internal static class UsageErrors
{
    internal static int Print(ParseResult parsed)
    {
        var command = string.Join(' ', Names(parsed.CommandResult.Command));
        foreach (var error in parsed.Errors)
        {
            Terminal.Failure(error.Message, $"'{command} --help' lists what it takes");
        }

        return ExitCodes.Usage;
    }

    private static IEnumerable<string> Names(Symbol command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? [.. Names(parent), command.Name] : ["vpn-confinement"];
}
