using System.CommandLine;
using VpnConfinement.Cli.Completion;

namespace VpnConfinement.Cli.Commands;

/// <summary>A command that a unit runs for one namespace.</summary>
internal static class UnitVerb
{
    /// <summary>One that is done where nothing fails.</summary>
    /// <param name="path">The words to type, without the program's name.</param>
    /// <param name="summary">What it does.</param>
    /// <param name="run">Does it, for a namespace, with what takes lines for the journal.</param>
    internal static Command Create(string path, string summary, Action<string, Action<string>> run) =>
        Create(path, summary, (ns, log) =>
        {
            run(ns, log);
            return ExitCodes.Done;
        });

    /// <summary>One that answers by its exit status.</summary>
    internal static Command Create(string path, string summary, Func<string, Action<string>, int> run)
    {
        var ns = new Argument<string>("NAMESPACE") { Description = "Name of an applied namespace" };
        ns.CompletionSources.Add(_ => LiveNames.Namespaces());
        var command = new Verb(path.Split(' ')[^1], summary)
        {
            Group = VerbGroup.Units,
            Examples = [new($"sudo vpn-confinement {path} media")],
        };
        command.Arguments.Add(ns);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot(path);

            // Standard error of a unit is its journal.
            return run(parsed.GetValue(ns)!, Console.Error.WriteLine);
        }));
        return command;
    }

    /// <summary>What has such commands below it.</summary>
    /// <param name="name">The word to type.</param>
    /// <param name="summary">What they do.</param>
    /// <param name="example">One of them, without the program's name; by default <c>up</c> of a namespace.</param>
    internal static Command Group(string name, string summary, string? example = null) => new Verb(name, summary)
    {
        Group = VerbGroup.Units,
        Examples = [new($"sudo vpn-confinement {example ?? $"{name} up media"}")],
    };
}
