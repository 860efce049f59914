using System.CommandLine;
using System.Text;
using VpnConfinement.Cli.Commands;

namespace VpnConfinement.Cli.Help;

/// <summary>What <c>vpn-confinement --help</c> prints: one screen of what people type.</summary>
internal static class OverviewText
{
    /// <summary>The whole screen.</summary>
    /// <param name="root">The program.</param>
    /// <param name="all">Whether what only units call is listed too.</param>
    internal static string Of(Command root, bool all)
    {
        var text = new StringBuilder();
        text.Append(root.Description).Append("\n\nUsage: vpn-confinement COMMAND [OPTIONS]\n");

        // One column for all groups.
        var listed = CommandEntries.Listed(root, all).ToList();
        var width = listed.Max(c => c.Name.Length);
        foreach (var group in Enum.GetValues<VerbGroup>().Where(g => g is not VerbGroup.Hidden))
        {
            HelpText.List(text, Title(group), [.. listed.Where(c => GroupOf(c) == group)
                .Select(c => new HelpEntry(c.Name.PadRight(width), c.Description ?? ""))]);
        }

        text.Append('\n');
        TextLayout.Rows(text, [
            new("COMMAND --help", "options and examples of a command"),
            new("--help --all", "what units call as well"),
        ]);
        text.Append("\nExamples:\n");
        TextLayout.Rows(
            text, [.. ProgramPage.Examples.Select(e => new HelpEntry(e.Line, e.Note))], TextLayout.Width / 2);
        text.Append('\n');
        TextLayout.Fill(
            text, "Exit status: " + string.Join(", ", ProgramPage.Exits.Select(s => $"{s.Code} {s.Meaning}")) + ".", 0);
        return text.ToString();
    }

    /// <summary>The title of a group.</summary>
    internal static string Title(VerbGroup group) => group switch
    {
        VerbGroup.Configuration => "Configuration",
        VerbGroup.Host => "Changing the host",
        VerbGroup.State => "Looking",
        VerbGroup.Reference => "Reference",
        VerbGroup.Units => "What only units call",
        VerbGroup.Hidden => "",
        _ => throw new InvalidOperationException("a group of an unknown kind"),
    };

    /// <summary>The group of a command.</summary>
    internal static VerbGroup GroupOf(Command command) => command is Verb verb ? verb.Group : VerbGroup.State;
}
