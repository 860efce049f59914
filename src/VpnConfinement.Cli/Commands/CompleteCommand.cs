using System.CommandLine;
using System.Text;
using VpnConfinement.Cli.Completion;
using VpnConfinement.Cli.Help;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>complete</c>: what the scripts of <c>completion</c> ask at each TAB.</summary>
internal static class CompleteCommand
{
    internal static Command Create()
    {
        var words = new Argument<string[]>("WORD")
        {
            Description = "The words after the program's name; the last one is being typed",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Verb("complete", "Print which words may come next, a line each, after a tab what they are")
        {
            Group = VerbGroup.Hidden,
            Hidden = true,
            Examples = [new("vpn-confinement complete -- explain VPC10")],
        };
        command.Arguments.Add(words);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            var text = new StringBuilder();
            foreach (var candidate in Completer.Complete(CommandEntries.Parent(command)!, parsed.GetValue(words) ?? []))
            {
                text.Append(candidate.Word).Append(candidate.About.Length > 0 ? "\t" : "").Append(candidate.About)
                    .Append('\n');
            }

            Console.Write(text.ToString());
            return ExitCodes.Done;
        }));
        return command;
    }
}
