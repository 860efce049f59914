using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>How a command ends that is told to, or whose tunnel or caller goes (S-41).</summary>
[Trait("guarantees", "S-41")]
public sealed class ExecEndTests(ExecMachine machine) : IClassFixture<ExecMachine>
{
    [Fact]
    public void Killing_the_caller_leaves_no_process()
    {
        using var caller = machine.Start(
            "exec", "media", "--", "bash", "-c", "trap '' TERM HUP; sleep 4711 & wait; sleep 4711");
        machine.WaitFor("sleep 4711");
        machine.Host.Shell($"kill -KILL {machine.CallerOf("4711")}").OrThrow();
        Eventually.See("no process is left", () => machine.Count("sleep 4711"), count => count == 0);
        caller.WaitForExit();
        machine.RequireNothingLeft();
    }

    // It reaches what systemd is told over (sd_notify(3)), and passes what ends others over.
    private const string Stubborn = """
        import os, signal, socket, time
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        folders = [os.path.join("/run/vpn-confinement/exec", f) for f in os.listdir("/run/vpn-confinement/exec")]
        end = time.time() + 60
        while time.time() < end:
            for path in ["/run/systemd/notify", *folders]:
                for word in (b"EXTEND_TIMEOUT_USEC=60000000\nSTATUS=refused", b"refused"):
                    try:
                        told.sendto(word, socket.MSG_DONTWAIT, path)
                    except OSError:
                        pass
            time.sleep(0.2)
        """;

    [Theory]
    [InlineData("kill -KILL CALLER", 137)]
    [InlineData("systemctl stop TUNNEL", 124)]
    [InlineData("sleep 1; pkill -KILL -f '^python3 -c import os, signal'", 137)]
    public void A_command_that_asks_systemd_for_more_time_gets_none(string end, int status)
    {
        using var caller = machine.Start("exec", "media", "--", "python3", "-c", Stubborn);
        machine.WaitFor("python3 -c import os, signal");
        Thread.Sleep(TimeSpan.FromSeconds(2));
        var line = end.Replace("TUNNEL", Laboratory.TunnelUnit, StringComparison.Ordinal);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        machine.Host.Shell(line.Contains("CALLER", StringComparison.Ordinal)
            ? line.Replace("CALLER", machine.CallerOf("python3"), StringComparison.Ordinal) : line).OrThrow();
        Eventually.See("no process is left", () => machine.Count("python3 -c import os"), count => count == 0);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        caller.WaitForExit();
        Assert.Equal(status, caller.ExitCode);
        machine.RequireNothingLeft();
    }

    [Fact]
    public void A_tunnel_that_goes_takes_the_command_along_and_it_is_told()
    {
        using var caller = machine.Start("exec", "media", "--", "bash", "-c", "trap 'exit 0' TERM; sleep 4712 & wait");
        machine.WaitFor("sleep 4712");
        machine.Host.Shell($"systemctl stop {Laboratory.TunnelUnit}").OrThrow();
        var error = caller.StandardError.ReadToEnd();
        caller.WaitForExit();
        Assert.Equal(124, caller.ExitCode);
        Assert.Contains("the tunnel of namespace media went down", error, StringComparison.Ordinal);
        Assert.Equal(0, machine.Count("sleep 4712"));
        machine.RequireNothingLeft();
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    [InlineData("QUIT", 131)]
    public void A_signal_reaches_the_command(string signal, int status)
    {
        using var caller = machine.Start("exec", "media", "--", "sleep", "4713");
        machine.WaitFor("sleep 4713");
        machine.Host.Shell($"kill -{signal} {machine.CallerOf("4713")}").OrThrow();
        caller.WaitForExit();
        Assert.Equal(status, caller.ExitCode);
        machine.RequireNothingLeft();
    }

    [Fact]
    public void A_command_that_handles_a_signal_goes_on()
    {
        using var caller = machine.Start(
            "exec", "media", "--", "bash", "-c", "trap 'echo handled; exit 9' TERM; sleep 4714 & echo ready; wait");
        Assert.Equal("ready", caller.StandardOutput.ReadLine());
        machine.Host.Shell($"kill -TERM {machine.CallerOf("4714")}").OrThrow();
        Assert.Equal("handled\n", caller.StandardOutput.ReadToEnd());
        caller.WaitForExit();
        Assert.Equal(9, caller.ExitCode);
    }

    [Fact]
    public void What_a_command_leaves_in_the_background_ends_with_it()
    {
        var result = machine.Exec("bash", "-c", "setsid sleep 4715 >/dev/null 2>&1 & exit 3");
        Assert.Equal((3, 0), (result.ExitCode, machine.Count("sleep 4715")));
    }

    [Fact]
    public void A_hundred_megabytes_pass_both_ways_unchanged()
    {
        var sums = machine.Host.Shell("""
            set -o pipefail
            head -c 100M /dev/urandom > /var/lib/bytes
            sha256sum < /var/lib/bytes
            vpn-confinement exec media -- cat < /var/lib/bytes | sha256sum
            cat /var/lib/bytes | vpn-confinement exec media -- cat | sha256sum
            rm /var/lib/bytes
            """.Replace("set -o pipefail", "", StringComparison.Ordinal)).OrThrow().Output.Split('\n')[..3];
        Assert.Single(sums.Distinct());
    }

    [Fact]
    public void The_end_of_a_reader_ends_the_command()
    {
        var result = machine.Host.Shell("vpn-confinement exec media -- yes | head -n 1");
        Assert.Equal("y\n", result.Output);
        machine.RequireNothingLeft();
    }
}
