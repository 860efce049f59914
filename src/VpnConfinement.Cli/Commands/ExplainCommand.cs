using System.CommandLine;
using VpnConfinement.Cli.Output;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>explain</c>: what a code means, why it matters, an example, and the cure.</summary>
internal static class ExplainCommand
{
    internal static Command Create()
    {
        var codes = new Argument<string[]>("CODE")
        {
            Description = "A code as a finding has it; without one, all are listed",
            Arity = ArgumentArity.ZeroOrMore,
        };
        codes.CompletionSources.Add(_ => CodeCatalog.All.Select(Item));
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Verb("explain", "Explain a code of a finding, such as VPC108")
        {
            Group = VerbGroup.Reference,
            Details = """
                For each code: what it means, why it matters, an example with what 'check' or 'doctor' says of it, and
                the cure. Without a code all of them are listed.
                """,
            Examples =
            [
                new("vpn-confinement explain VPC108"),
                new("vpn-confinement explain mtu-too-large", "a finding of doctor"),
                new("vpn-confinement explain VPC042 VPC101", "several at once"),
                new("vpn-confinement explain | grep -i resolver", "find one"),
            ],
        };
        command.Arguments.Add(codes);
        command.Options.Add(json);
        command.SetAction(
            parsed => CommandErrors.Guard(() => Explain(parsed.GetValue(codes) ?? [], parsed.GetValue(json))));
        return command;
    }

    private static int Explain(string[] wanted, bool json)
    {
        var known = CodeCatalog.All.ToDictionary(c => c.Code, StringComparer.OrdinalIgnoreCase);
        var unknown = wanted.Where(c => !known.ContainsKey(c)).ToList();
        if (unknown.Count > 0)
        {
            foreach (var code in unknown)
            {
                var near = Meant(code, known.Keys) is { } meant ? $"did you mean '{meant}'? " : "";
                Terminal.Failure(
                    $"there is no code '{Visible.Text(code)}'", $"{near}'vpn-confinement explain' lists all of them");
            }

            return ExitCodes.Usage;
        }

        IReadOnlyList<CodeEntry> entries = wanted.Length == 0
            ? CodeCatalog.All
            : [.. wanted.Select(c => known[c]).Distinct()];
        if (json)
        {
            Console.WriteLine(CodesJson.Write(entries));
        }
        else
        {
            Console.Write(
                wanted.Length == 0 ? ExplainText.List(entries) : ExplainText.Pages(entries, Terminal.ColourOutput));
        }

        return ExitCodes.Done;
    }

    // The number alone is enough to know which one is meant.
    private static string? Meant(string code, IEnumerable<string> known) =>
        known.FirstOrDefault(k => k == $"VPC{code}") ?? NearestName.Of(code, known);

    private static System.CommandLine.Completions.CompletionItem Item(CodeEntry entry) =>
        new(entry.Code, detail: entry.Meaning);
}
