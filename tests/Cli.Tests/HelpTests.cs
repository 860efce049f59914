using System.CommandLine;
using VpnConfinement.Cli.Commands;
using VpnConfinement.Cli.Help;

namespace VpnConfinement.Cli.Tests;

public sealed class HelpTests
{
    private static readonly string[] UnitCommands =
        ["netns", "host-route", "wireguard", "pin", "return", "watch", "gate", "generate"];

    public static TheoryData<string> Paths => [.. All(CommandTree.Create()).Select(CommandEntries.Path)];

    [Fact]
    public void The_help_is_one_screen_of_what_people_type()
    {
        var help = Cli.Run("--help").Output;
        var lines = help.TrimEnd('\n').Split('\n');
        Assert.InRange(lines.Length, 24, 40);
        Assert.All(lines, l => Assert.InRange(l.Length, 0, 80));
        Assert.All(UnitCommands, c => Assert.DoesNotContain($"\n  {c} ", help, StringComparison.Ordinal));
        Assert.All(
            CommandTree.Create().Subcommands.Where(c => !c.Hidden && !UnitCommands.Contains(c.Name)),
            c => Assert.Contains($"\n  {c.Name} ", help, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--help --all")]
    [InlineData("--all --help")]
    public void All_of_the_help_has_what_only_units_call(string arguments)
    {
        var help = Cli.Run(arguments.Split(' ')).Output;
        Assert.All(UnitCommands, c => Assert.Contains($"\n  {c} ", help, StringComparison.Ordinal));
        Assert.All(help.Split('\n'), l => Assert.InRange(l.Length, 0, 80));
        Assert.DoesNotContain("\n  complete ", help, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void The_help_of_a_command_has_its_usage_and_its_examples(string path)
    {
        var command = Find(path);
        var help = HelpText.Of(command);
        Assert.Contains($"\nUsage: {path}", help, StringComparison.Ordinal);
        Assert.NotEmpty(Examples(command));
        Assert.All(Examples(command), e => Assert.Contains($"\n  {e.Line}\n", help, StringComparison.Ordinal));

        // A line to type is not broken; nothing else is longer than a screen is wide.
        Assert.All(
            help.Split('\n').Except(Examples(command).Select(e => "  " + e.Line)),
            l => Assert.InRange(l.Length, 0, 80));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Each_example_is_understood_and_is_one_of_the_command(string path)
    {
        foreach (var example in Examples(Find(path)))
        {
            var commands = ExampleLine.Commands(example.Line);
            Assert.All(commands, arguments => Assert.Empty(CommandTree.Create().Parse(arguments).Errors));
            Assert.Contains(
                commands,
                arguments =>
                    $"vpn-confinement {string.Join(' ', arguments)} ".StartsWith(path + " ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_examples_of_the_program_are_understood() => Assert.All(
        ProgramPage.Examples.SelectMany(e => ExampleLine.Commands(e.Line)),
        arguments => Assert.Empty(CommandTree.Create().Parse(arguments).Errors));

    /// <summary>A control: an example that is wrong would be seen.</summary>
    [Theory]
    [InlineData("sudo vpn-confinement chek")]
    [InlineData("sudo vpn-confinement apply --confirm soon")]
    [InlineData("true && vpn-confinement rollback --too 3 | less")]
    public void A_wrong_example_is_not_understood(string line) =>
        Assert.NotEmpty(CommandTree.Create().Parse(Assert.Single(ExampleLine.Commands(line))).Errors);

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_summary_is_a_clause_and_of_a_command_that_people_type_a_short_one(string path)
    {
        var command = Find(path);
        Assert.False(command.Description!.EndsWith('.'), "no full stop");
        Assert.True(
            command is Verb { Group: VerbGroup.Units or VerbGroup.Hidden } || command.Description.Length <= 58, path);
    }

    [Fact]
    public void Help_is_given_whatever_else_is_on_the_line()
    {
        var result = Cli.Run("rollback", "--to", "none", "--help");
        Assert.Equal(0, result.Status);
        Assert.StartsWith("Return to an earlier generation.\n", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    internal static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(c => All(c).Prepend(c));

    private static Command Find(string path) => All(CommandTree.Create()).Single(c => CommandEntries.Path(c) == path);

    private static IReadOnlyList<Example> Examples(Command command) => Assert.IsType<Verb>(command).Examples;
}
