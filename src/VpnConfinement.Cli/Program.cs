using System.CommandLine;
using VpnConfinement.Cli.Commands;
using VpnConfinement.Linux.Files;

return CommandErrors.Guard(() =>
{
    StandardStreams.Fill();
    var parsed = CommandTree.Create().Parse(args);

    // What fails while help or a version is printed is told as any other failure.
    return parsed.Errors.Count > 0 && parsed.Action?.ClearsParseErrors != true
        ? UsageErrors.Print(parsed)
        : parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
});
