using System.Diagnostics;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>Users who may call <c>exec</c> by sudo or doas: who runs the command, and what they may not do.</summary>
public sealed class ExecCallerTests : IClassFixture<ExecMachine>
{
    private const string Product = "/usr/bin/vpn-confinement";

    // As docs/exec.md has it.
    private const string Sudoers = $"bob ALL=(root) NOPASSWD: {Product} exec media -- *\n";

    private const string Retry = "--retry 30 --retry-delay 1 --retry-connrefused";

    private readonly ExecMachine _machine;

    public ExecCallerTests(ExecMachine machine)
    {
        _machine = machine;
        machine.UnpackPrograms();
        machine.Host.Write("/etc/sudoers.d/vpn", Sudoers);
        machine.Host.Write("/etc/doas.conf", $"permit nopass bob as root cmd {Product}\n");
    }

    [Theory]
    [InlineData("sudo")]
    [InlineData("doas")]
    public void The_command_runs_as_the_user_who_called(string by)
    {
        var result = AsBob(
            $"{by} {Product} exec media -- sh -c 'id -un; id -G; pwd; curl -sS http://{Addresses.Web}/'");
        Assert.Equal(
            (0, $"bob\n4242\n/home/bob\n{Addresses.Provider}", ""), (result.ExitCode, result.Output, result.Error));
        _machine.RequireNothingLeft();
    }

    [Theory]
    [InlineData("exec --user root media -- id")]
    [InlineData("exec media --user root -- id")]
    [InlineData("exec -E LD_PRELOAD=/x media -- id")]
    [InlineData("remove --allow-unconfine")]
    public void A_line_of_sudoers_for_one_namespace_gives_away_no_more(string arguments)
    {
        Assert.Equal("bob\n", AsBob($"sudo {Product} exec media -- id -un --").OrThrow().Output);
        var result = AsBob($"sudo -n {Product} {arguments}");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("a password is required", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_sudoers_gives_away_what_services_listen_on_ports_and_units_of_the_system()
    {
        using var local = Serve("127.0.0.1", 4732);
        var page = AsBob($"sudo {Product} exec media -- curl -sS {Retry} http://127.0.0.1:4732/").OrThrow();
        Assert.Contains("Directory listing for /", page.Output, StringComparison.Ordinal);

        // Published to the host, while its service is down.
        using var published = Serve("0.0.0.0", Laboratory.PublishedPort);
        var address = _machine.Host.Laboratory.HostLinkAddress("NS");
        var outside = _machine.Host.Shell($"curl -sS {Retry} http://{address}:{Laboratory.PublishedPort}/").OrThrow();
        Assert.Contains("Directory listing for /", outside.Output, StringComparison.Ordinal);
        Assert.Contains(
            "0::/system.slice/vpn-confinement-exec-media-",
            AsBob($"sudo {Product} exec media -- cat /proc/self/cgroup").OrThrow().Output, StringComparison.Ordinal);
        foreach (var (process, port) in new[] { (local, 4732), (published, Laboratory.PublishedPort) })
        {
            _machine.Host.Shell($"kill -TERM {_machine.CallerOf($"{port}")}").OrThrow();
            process.WaitForExit();
        }

        _machine.RequireNothingLeft();
    }

    [Fact]
    public void One_who_hands_in_another_caller_is_refused()
    {
        // This one hands on the variables of its caller.
        _machine.Host.Write("/etc/doas.conf", $"permit nopass keepenv bob as root cmd {Product}\n");
        foreach (var variable in (string[])["SUDO_UID=0", "PKEXEC_UID=0"])
        {
            var result = AsBob($"env {variable} doas {Product} exec media -- id -un");
            Assert.Equal((125, ""), (result.ExitCode, result.Output));
            Assert.Contains("it is not clear who called", result.Error, StringComparison.Ordinal);
        }

        Assert.Equal("bob\n", AsBob($"env SUDO_USER=root doas {Product} exec media -- id -un").OrThrow().Output);
        Assert.Equal("bob\n", AsBob($"env DOAS_USER=root doas {Product} exec media -- id -un").OrThrow().Output);
    }

    [Fact]
    public void A_shell_by_sudo_at_a_terminal_follows_its_size_and_keeps_its_status()
    {
        using var pane = Pane.Open(
            _machine.Host, "sudo", 101, 33, "setpriv --reuid=bob --regid=bob --init-groups env -C /home/bob");
        pane.Enter($"sudo {Product} exec media -- bash --norc");
        pane.WaitForPrompt("--norc\n");
        pane.WaitForSize(101, 33);
        pane.Enter("echo I-am-$(id -un)");
        pane.WaitFor("I-am-bob");
        pane.Resize(80, 24);
        pane.WaitForSize(80, 24);
        pane.Enter("sleep 4731");
        _machine.WaitFor("sleep 4731");
        pane.Type("C-c");
        pane.WaitForPrompt("^C\n");
        pane.Enter("exit $(($? - 100))");
        pane.WaitForPrompt("\nexit\n");
        pane.Enter("echo end-$?");
        pane.WaitFor("end-30");
        pane.WaitUntilSane();
        _machine.RequireNothingLeft();
    }

    private Process Serve(string address, int port) => _machine.Start(
        "exec", "--user", "bob", "--chdir", "/srv", "media", "--",
        "python3", "-m", "http.server", "--bind", address, $"{port}");

    private CommandResult AsBob(string line)
    {
        _machine.Host.Write("/home/bob/line", line);
        return _machine.Host.Shell(
            "cd /home/bob && HOME=/home/bob setpriv --reuid=bob --regid=bob --init-groups sh line");
    }
}
