using System.CommandLine;
using VpnConfinement.Cli.Commands;
using VpnConfinement.Linux;

namespace VpnConfinement.Cli.Tests;

/// <summary>A name that nothing has means the same to every command.</summary>
public sealed class UnknownNameTests
{
    [Fact]
    public void It_is_a_wrong_command_line_and_no_failure_of_the_machine()
    {
        Assert.Equal(ExitCodes.Usage, CommandErrors.Guard(static () => throw new UnknownName("there is no x", "list")));
        Assert.Equal(
            ExitCodes.SystemFailed, CommandErrors.Guard(static () => throw new SystemFailure("x is damaged", "mend")));
    }

    [Theory]
    [InlineData("medi", "did you mean 'media'? 'status' lists them")]
    [InlineData("something-else", "'status' lists them")]
    public void The_nearest_name_is_proposed(string name, string remedy) =>
        Assert.Equal(remedy, new UnknownName("it is not there", name, ["media", "films"], "'status' lists them").Remedy);

    [Fact]
    public void Each_command_documents_its_status()
    {
        var verbs = CommandTree.Create().Subcommands.OfType<Verb>().ToList();
        Assert.NotEmpty(verbs);
        Assert.All(verbs, verb => Assert.Contains(verb.Exits, e => e.Code == verb.UsageStatus));
    }
}
