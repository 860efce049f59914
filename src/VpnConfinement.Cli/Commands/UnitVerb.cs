using System.CommandLine;

namespace VpnConfinement.Cli.Commands;

/// <summary>A command that a unit runs for one namespace.</summary>
internal static class UnitVerb
{
    internal static Command Create(string name, string description, Action<string, Action<string>> run) => Create(name, description, (ns, log) =>
    {
        run(ns, log);
        return ExitCodes.Done;
    });

    /// <summary>One that answers by its exit status.</summary>
    internal static Command Create(string name, string description, Func<string, Action<string>, int> run)
    {
        var ns = new Argument<string>("NAMESPACE") { Description = "Name of an applied namespace" };
        var command = new Command(name, description);
        command.Arguments.Add(ns);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot(command.Parents.OfType<Command>().First() is RootCommand ? name : $"{command.Parents.OfType<Command>().First().Name} {name}");

            // Standard error of a unit is its journal.
            return run(parsed.GetValue(ns)!, Console.Error.WriteLine);
        }));
        return command;
    }
}
