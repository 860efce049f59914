using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>Nobody loses the confinement of a service by accident: by a line too few, or by a command in a script.</summary>
[Trait("guarantees", "S-12")]
public sealed class RemovalTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    public void Dispose() => host.Reset();

    [Theory]
    [InlineData("remove")]
    [InlineData("apply")]
    public void Without_a_terminal_it_needs_the_option(string command)
    {
        Confine(command);
        foreach (var input in (string[])["</dev/null", "<<< yes"])
        {
            var refused = Bash($"vpn-confinement {command} {input}");
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("these services would lose their confinement: downloader.service", refused.Error, StringComparison.Ordinal);
            Assert.Contains($"'vpn-confinement {command} --allow-unconfine'", refused.Error, StringComparison.Ordinal);
            AssertConfined(command);
        }

        host.Product(command, "--allow-unconfine").OrThrow();
        AssertFree();
    }

    [Theory]
    [InlineData("remove")]
    [InlineData("apply")]
    public void On_a_terminal_only_yes_is_yes(string command)
    {
        Confine(command);
        foreach (var answer in (string[])["", "no", "y", "YES", " yes"])
        {
            var refused = OnTerminal(command, answer);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("lose their confinement:", refused.Output, StringComparison.Ordinal);
            Assert.Contains("downloader.service", refused.Output, StringComparison.Ordinal);
            Assert.Contains("nothing was changed", refused.Output, StringComparison.Ordinal);
            AssertConfined(command);
        }

        OnTerminal(command, "yes").OrThrow();
        AssertFree();
    }

    [Fact]
    public void A_question_that_nobody_sees_is_not_asked()
    {
        Confine("remove");
        Assert.Equal(1, OnTerminal("remove 2>/dev/null", "yes").ExitCode);
        Assert.Equal(1, OnTerminal("remove </dev/null", "yes").ExitCode);
        AssertConfined("remove");
    }

    [Fact]
    public void A_question_keeps_no_other_run_waiting()
    {
        Confine("remove");
        host.Write("/opt/ask", "{ until test -e /tmp/answer; do sleep 0.1; done; echo yes; } | script -qfec 'vpn-confinement remove' /tmp/question\n");
        Bash("rm -f /tmp/answer /tmp/question; systemd-run --quiet --unit=ask -p PrivateTmp=no bash /opt/ask").OrThrow();
        Bash("timeout 30 sh -c 'until grep -qs Type /tmp/question; do sleep 0.1; done'").OrThrow();
        try
        {
            host.Product("apply").OrThrow();
        }
        finally
        {
            Bash("touch /tmp/answer").OrThrow();
        }

        Bash("timeout 60 sh -c 'while test -e /var/lib/vpn-confinement; do sleep 0.2; done'; rm /tmp/answer /tmp/question /opt/ask").OrThrow();
        AssertFree();
    }

    [Fact]
    public void Where_nothing_is_confined_nothing_is_asked()
    {
        host.Product("remove").OrThrow();
        host.Write(Laboratory.ConfigFile, host.Config.Split("[services")[0]);
        host.Product("apply").OrThrow();
        host.Product("remove").OrThrow();
    }

    // For 'apply' the configuration then names the service no more.
    private void Confine(string command)
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        if (command == "apply")
        {
            host.Write(Laboratory.ConfigFile, host.Config.Split("[services")[0]);
        }
    }

    // As it was, with a configuration that is not applied where 'apply' was asked for.
    private void AssertConfined(string command)
    {
        Assert.Equal("active", host.Laboratory.Machine.UnitState("downloader.service"));
        var status = host.Product("status");
        Assert.True(status.ExitCode == (command is "apply" ? 4 : 0), status.Output);
        Assert.Matches("downloader.service  active, [0-9]+ process(es)? in netns", status.Output);
    }

    private void AssertFree()
    {
        Assert.NotEqual("active", host.Laboratory.Machine.UnitState("downloader.service"));
        Assert.False(host.Exists("/etc/systemd/system/downloader.service.d"));
    }

    private CommandResult Bash(string line) => host.Laboratory.Machine.Run("/bin/bash", "-c", line);

    // script(1) makes the terminal; what is typed waits in it until it is asked for.
    private CommandResult OnTerminal(string command, string answer) =>
        Bash($"script -qec 'vpn-confinement {command}' /dev/null <<< '{answer}'");
}
