using VpnConfinement.Cli.Commands;
using VpnConfinement.Cli.Completion;

namespace VpnConfinement.Cli.Tests;

public sealed class CompleterTests
{
    private static readonly string[] People =
    [
        "check", "show", "build", "plan", "apply", "confirm", "rollback", "remove", "exec", "status", "doctor",
        "verify", "metrics", "graph",
        "explain", "options", "man", "completion",
    ];

    [Fact]
    public void First_come_the_commands_that_people_type() => Assert.Equal(People, Words(""));

    [Theory]
    [InlineData("ro", "rollback")]
    [InlineData("net", "netns")]
    [InlineData("netns ", "up down is-up")]
    [InlineData("com", "completion")]
    [InlineData("chek ", "")]
    [InlineData("explain VPC10", "VPC100 VPC101 VPC102 VPC103 VPC104 VPC105 VPC106 VPC107 VPC108 VPC109")]
    [InlineData("explain VPC001 VPC12", "VPC120 VPC121 VPC122 VPC123 VPC124 VPC125 VPC126 VPC127 VPC128")]
    [InlineData("explain --json VPC12", "VPC120 VPC121 VPC122 VPC123 VPC124 VPC125 VPC126 VPC127 VPC128")]
    [InlineData("explain vpc108", "VPC108")]
    [InlineData("completion ", "bash fish zsh")]
    [InlineData("completion bash ", "")]
    [InlineData("man ap", "apply")]
    [InlineData("options --format ", "json-schema man markdown nix")]
    [InlineData("options --format=m", "--format=man --format=markdown")]
    [InlineData("apply --", "--config --format --strict --allow-unconfine --confirm --no-wait --help")]
    [InlineData("--", "--version --help")]
    [InlineData("apply --con", "--config --confirm")]
    [InlineData("check -c ", ":files")]
    [InlineData("check --config=/e", ":files")]
    [InlineData("build --out ", ":folders")]
    [InlineData("check --json=", "")]
    [InlineData("apply -- --con", "")]
    public void A_word_is_completed_by_where_it_stands(string line, string words) =>
        Assert.Equal(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), Words(line).Order(Order(words)));

    [Fact]
    public void What_it_is_stands_beside_a_word()
    {
        var completed = Completer.Complete(CommandTree.Create(), ["explain", "VPC108"]);
        Assert.Equal([new Candidate("VPC108", "The unit is not installed yet, or masked")], completed);
        Assert.All(Completer.Complete(CommandTree.Create(), ["apply", "-"]), c => Assert.DoesNotContain('\n', c.About));
    }

    [Fact]
    public void Without_rights_names_are_missing_and_nothing_is_said()
    {
        var result = Cli.RunUnprivileged("complete", "--", "netns", "up", "");
        Assert.Equal((0, ""), (result.Status, result.Error));
        Assert.Equal((0, "", ""), Parts(Cli.RunUnprivileged("complete", "--", "rollback", "--to", "")));
    }

    [Fact]
    public void The_hidden_command_answers_in_lines()
    {
        var result = Cli.Run("complete", "--", "explain", "VPC108");
        Assert.Equal((0, "VPC108\tThe unit is not installed yet, or masked\n", ""), Parts(result));
        Assert.Equal((0, ":files\n", ""), Parts(Cli.Run("complete", "--", "check", "--config", "")));
        Assert.Contains("rollback\t", Cli.Run("complete", "--").Output, StringComparison.Ordinal);
    }

    /// <summary>A TAB asks nobody: no program is started, and no socket is connected.</summary>
    [Fact]
    public void Nothing_is_asked_but_files()
    {
        using var folder = new TemporaryFolder();
        var trace = folder.PathOf("trace");
        using var process = System.Diagnostics.Process.Start(
            "/usr/bin/strace",
            ["-f", "-qq", "-e", "trace=execve,connect", "-o", trace, Cli.Binary, "complete", "--", "netns", "up", ""]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("execve(", Assert.Single(File.ReadAllLines(trace)), StringComparison.Ordinal);
    }

    private static (int, string, string) Parts(CliResult result) => (result.Status, result.Output, result.Error);

    private static IEnumerable<string> Words(string line) =>
        Completer.Complete(CommandTree.Create(), line.Split(' ')).Select(c => c.Word);

    // In the order in which the row has them; what it does not have comes last.
    private static Comparer<string> Order(string words)
    {
        var order = words.Split(' ').ToList();
        return Comparer<string>.Create((a, b) => Place(a).CompareTo(Place(b)));
        int Place(string word) => order.IndexOf(word) is >= 0 and var at ? at : int.MaxValue;
    }
}
