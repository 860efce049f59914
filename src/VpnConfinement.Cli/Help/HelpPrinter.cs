using System.CommandLine;
using System.CommandLine.Invocation;

namespace VpnConfinement.Cli.Help;

/// <summary>Answers <c>--help</c>, whatever else is on the command line.</summary>
/// <param name="all">Whether what only units call is listed too.</param>
internal sealed class HelpPrinter(Option<bool> all) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        Console.Write(
            command is RootCommand ? OverviewText.Of(command, parseResult.GetValue(all)) : HelpText.Of(command));
        return ExitCodes.Done;
    }
}
