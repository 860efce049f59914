using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>Two runs that would change the system at once: one of them refuses, and what it refused is done by the next.</summary>
[Trait("guarantees", "S-31")]
public sealed class TwoRunsTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Lock = "/run/vpn-confinement/locks/apply";
    private const string Held = "error: another run of vpn-confinement is changing the system";

    private static readonly int Seconds = (int)LabHost.Patience(30).TotalSeconds;

    public void Dispose()
    {
        host.Shell("systemctl stop first-run second-run; systemctl reset-failed; rm -f /tmp/first-run /tmp/let-go").OrThrow();
        host.Reset();
    }

    [Fact]
    public void What_changes_nothing_goes_on_beside_a_run_and_what_would_refuses()
    {
        Applied();
        Hold();
        foreach (var command in (string[][])[["apply"], ["apply", "--confirm", "60"], ["rollback"], ["confirm"], ["remove", "--allow-unconfine"]])
        {
            var refused = host.Product(command);
            Assert.Equal(3, refused.ExitCode);
            Assert.Contains(Held, refused.Error, StringComparison.Ordinal);
            Assert.Contains("wait for it to end, then run this again", refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal(0, host.Product("status").ExitCode);
        Assert.Equal(0, host.Product("plan").ExitCode);
        LetGo();
        host.Product("apply").OrThrow();
    }

    [Fact]
    public void Of_two_that_begin_together_each_is_through_or_has_changed_nothing()
    {
        Applied();
        var through = 0;
        for (var i = 0; i < 10; i++)
        {
            foreach (var (run, port) in (ReadOnlySpan<(string, string)>)[("first", "9098"), ("second", "9099")])
            {
                host.Write($"/tmp/{run}.toml", host.Config.Replace("[9091]", $"[{port}]", StringComparison.Ordinal));
            }

            var both = host.Shell("""
                vpn-confinement apply --config /tmp/first.toml >/tmp/first.said 2>&1 & first=$!
                vpn-confinement apply --config /tmp/second.toml >/tmp/second.said 2>&1 & second=$!
                wait $first; a=$?; wait $second; echo $a $?
                """).OrThrow().Output.Trim();
            var said = host.Read("/tmp/first.said") + host.Read("/tmp/second.said");
            Assert.True(both is "0 0" or "0 3" or "3 0", $"{both}: {said}");
            Assert.Equal(both is not "0 0", said.Contains(Held, StringComparison.Ordinal));
            through += both is "0 0" ? 2 : 1;
            var last = both is "0 3" ? "first" : both is "3 0" ? "second" : null;

            // Where both were through, one of the two is what was applied last.
            Assert.Contains(0, (last is null ? ["first", "second"] : new[] { last }).Select(l => host.Product("status", "--config", $"/tmp/{l}.toml").ExitCode));
            Assert.True(last is null || host.Product("plan", "--config", $"/tmp/{last}.toml").ExitCode == 0);
        }

        Assert.InRange(through, 10, 20);
        Assert.Equal("active", host.Laboratory.Machine.UnitState("downloader.service"));
    }

    [Fact]
    public void A_lock_that_was_deleted_between_opening_and_taking_it_is_none()
    {
        Applied();
        host.Shell($"systemd-run --quiet --unit=first-run -p PrivateTmp=no -p Type=exec sh -c 'strace -qq -P {Lock} -e trace=flock -e inject=flock:delay_enter={Seconds * 300}ms -o /dev/null vpn-confinement apply >/tmp/first-run 2>&1; echo $? >>/tmp/first-run'").OrThrow();
        host.Shell($"timeout {Seconds} sh -c 'until ls -l /proc/[0-9]*/fd 2>/dev/null | grep -q {Lock}; do :; done'").OrThrow();
        // As 'remove' does at its end; another run makes a new one.
        host.Shell($"rm {Lock}").OrThrow();
        Hold();
        host.Shell($"timeout {Seconds} sh -c 'until tail -n 1 /tmp/first-run | grep -qx \"[0-9]\"; do sleep 0.1; done'").OrThrow();
        Assert.Contains(Held, host.Read("/tmp/first-run"), StringComparison.Ordinal);
        Assert.EndsWith("\n3\n", host.Read("/tmp/first-run"), StringComparison.Ordinal);
        LetGo();
    }

    private void Applied()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
    }

    // As a run does that takes long.
    private void Hold()
    {
        host.Shell($"rm -f /tmp/let-go; systemd-run --quiet --unit=second-run -p PrivateTmp=no -p Type=exec flock --nonblock {Lock} sh -c 'until test -e /tmp/let-go; do sleep 0.1; done'").OrThrow();
        host.Shell($"timeout {Seconds} sh -c 'while flock --nonblock {Lock} true; do sleep 0.1; done'").OrThrow();
    }

    private void LetGo() => host.Shell($"touch /tmp/let-go; timeout {Seconds} sh -c 'until flock --nonblock {Lock} true; do sleep 0.1; done'").OrThrow();
}
