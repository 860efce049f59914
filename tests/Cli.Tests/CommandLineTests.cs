namespace VpnConfinement.Cli.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Version() => Assert.Equal((0, "0.1.0\n"), (Cli.Run("--version").Status, Cli.Run("--version").Output));

    [Theory]
    [InlineData("--help")]
    [InlineData("check --help")]
    [InlineData("build --help")]
    [InlineData("plan --help")]
    [InlineData("apply --help")]
    [InlineData("status --help")]
    [InlineData("remove --help")]
    [InlineData("netns up --help")]
    [InlineData("gate inside --help")]
    public void Help(string arguments)
    {
        var result = Cli.Run(arguments.Split(' '));
        Assert.Equal(0, result.Status);
        Assert.Contains("Usage", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_shows_examples() => Assert.Contains("sudo vpn-confinement apply", Cli.Run("--help").Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("chek")]
    [InlineData("check --nonsense")]
    [InlineData("build")]
    [InlineData("netns up")]
    [InlineData("check --format yaml")]
    [InlineData("metrics --out /tmp/metrics.txt")]
    [InlineData("verify --deadline 0")]
    [InlineData("verify media films")]
    [InlineData("completion tcsh")]
    [InlineData("")]
    public void A_wrong_command_line_is_status_2(string arguments)
    {
        var result = Cli.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, result.Status);
        Assert.NotEmpty(result.Error);
    }

    [Theory]
    [InlineData("chek", "check")]
    [InlineData("chekc", "check")]
    [InlineData("check --strickt", "--strict")]
    [InlineData("netns upp media", "up")]
    public void A_misspelt_word_is_answered_with_the_nearest_one(string arguments, string meant)
    {
        var result = Cli.Run(arguments.Split(' '));
        Assert.Equal(2, result.Status);
        Assert.Contains($"did you mean '{meant}'?", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Required command", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exec", "NAMESPACE")]
    [InlineData("exec media", "COMMAND")]
    [InlineData("completion", "SHELL")]
    public void An_argument_that_is_missing_is_named(string arguments, string missing)
    {
        var error = Cli.Run(arguments.Split(' ')).Error;
        Assert.Contains($"'vpn-confinement {arguments.Split(' ')[0]}' needs {missing}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("apply")]
    [InlineData("remove")]
    [InlineData("status")]
    [InlineData("metrics")]
    [InlineData("doctor")]
    [InlineData("verify")]
    [InlineData("netns up media")]
    [InlineData("netns down media")]
    [InlineData("wireguard up media")]
    [InlineData("gate check media app.service")]
    [InlineData("watch media")]
    public void Without_root_the_system_refuses(string arguments)
    {
        var result = Cli.RunUnprivileged(arguments.Split(' '));
        Assert.Equal(3, result.Status);
        Assert.Contains("root", result.Error, StringComparison.Ordinal);
        Assert.Contains($"'sudo vpn-confinement {arguments.Split(" media")[0]}'", result.Error, StringComparison.Ordinal);
    }

    // An exit status can skip the start of a service, or be a success where SuccessExitStatus= has it. No program runs.
    [Theory]
    [InlineData("")]
    [InlineData("--")]
    [InlineData("media")]
    [InlineData("media app.service")]
    [InlineData("media app.service --")]
    [InlineData("-- /bin/echo ran")]
    [InlineData("media -- /bin/echo ran")]
    [InlineData("../../etc app.service -- /bin/echo ran")]
    [InlineData("not-applied app.service -- /bin/echo ran")]
    [InlineData("not-applied app.service --of-a-later-version -- /bin/echo ran")]
    public void Whatever_the_gate_cannot_tell_from_inside_ends_by_a_signal(string arguments)
    {
        const int SIGRTMAX = 64;
        var result = Cli.RunGateUnprivileged(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(128 + SIGRTMAX, result.Status);
        Assert.NotEmpty(result.Error);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("netns up ../../etc")]
    [InlineData("netns down ../x")]
    [InlineData("wireguard up a/b")]
    public void A_name_is_never_a_path(string arguments)
    {
        var result = Cli.Run(arguments.Split(' '));
        Assert.Equal(3, result.Status);
        Assert.Contains("no name of a namespace", result.Error, StringComparison.Ordinal);
    }
}
