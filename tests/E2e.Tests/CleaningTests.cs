namespace VpnConfinement.E2e.Tests;

/// <summary>The cleaning between two tests: it waits for what is still in use, and what stays is told.</summary>
public sealed class CleaningTests(BadHostFixture host) : IClassFixture<BadHostFixture>
{
    [Fact]
    public void What_a_test_leaves_is_waited_for_and_taken_away()
    {
        var units = host.Shell("ls -R /etc/systemd/system").OrThrow().Output;
        host.Write("/etc/systemd/system/left.service", "[Service]\nExecStart=/bin/sleep infinity\n");
        host.Shell("""
            systemctl daemon-reload; systemctl start left; systemd-run --quiet --unit=also-left sleep 1000
            ip netns add left; echo '# left' >>/etc/hosts; rm /etc/resolv.conf
            mount -t tmpfs none /mnt; cd /mnt; setsid sleep 3 </dev/null >/dev/null 2>&1 &
            """).OrThrow();

        host.Reset();

        Assert.Equal(units, host.Shell("ls -R /etc/systemd/system").OrThrow().Output);
        Assert.Equal("inactive\ninactive\n", host.Shell("systemctl is-active left also-left").Output);
        host.Shell("! mountpoint -q /mnt && test ! -e /run/netns/left && ! grep left /etc/hosts && test -s /etc/resolv.conf").OrThrow();
    }

    [Fact]
    public void What_stays_is_told_with_the_test_that_left_it_and_what_holds_it()
    {
        var leader = host.Laboratory.Machine.Leader;
        host.Shell("mount -t tmpfs none /mnt; cd /mnt; setsid sleep 1000 </dev/null >/dev/null 2>&1 &").OrThrow();

        var told = Assert.Throws<InvalidOperationException>(host.Reset).Message;

        Assert.Contains(nameof(What_stays_is_told_with_the_test_that_left_it_and_what_holds_it), told, StringComparison.Ordinal);
        Assert.Contains("mount of /mnt", told, StringComparison.Ordinal);
        Assert.Contains("(sleep)", told, StringComparison.Ordinal);
        host.Renew();
        Assert.NotEqual(leader, host.Laboratory.Machine.Leader);
    }
}
