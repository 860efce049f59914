using System.CommandLine;
using System.Globalization;
using System.Text;
using VpnConfinement.Cli.Commands;

namespace VpnConfinement.Cli.Help;

/// <summary>What <c>COMMAND --help</c> prints.</summary>
internal static class HelpText
{
    internal static string Of(Command command)
    {
        var verb = command as Verb;
        var text = new StringBuilder();
        TextLayout.Fill(text, command.Description + ".", 0);
        text.Append("\nUsage: ").Append(CommandEntries.Path(command)).Append(CommandEntries.Usage(command))
            .Append('\n');
        if (verb is { Details.Length: > 0 })
        {
            text.Append('\n');
            TextLayout.Fill(text, verb.Details, 0);
        }

        List(text, "Commands", [.. CommandEntries.Listed(command, withUnits: true)
            .Select(c => new HelpEntry(c.Name, c.Description ?? ""))]);
        List(text, "Arguments", CommandEntries.Arguments(command));
        List(text, "Options", CommandEntries.Options(command));
        Examples(text, verb?.Examples ?? []);
        List(text, "Exit status", [.. (verb?.Exits ?? ExitStatus.Common)
            .Select(s => new HelpEntry(s.Code.ToString(CultureInfo.InvariantCulture), s.Meaning))]);
        return text.ToString();
    }

    /// <summary>Writes lines to type, each with what it is for below it.</summary>
    internal static void Examples(StringBuilder text, IReadOnlyList<Example> examples)
    {
        text.Append(examples.Count > 0 ? "\nExamples:\n" : "");
        foreach (var example in examples)
        {
            text.Append("  ").Append(example.Line).Append('\n');
            if (example.Note.Length > 0)
            {
                TextLayout.Fill(text, example.Note, 6);
            }
        }
    }

    /// <summary>Writes a list with its title; nothing where it is empty.</summary>
    internal static void List(StringBuilder text, string title, IReadOnlyList<HelpEntry> entries)
    {
        if (entries.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{title}:\n");
            TextLayout.Rows(text, entries);
        }
    }
}
