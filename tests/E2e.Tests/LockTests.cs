using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// Whoever may open a file may lock it; no lock of another user's keeps a namespace down, or a command waiting.
/// </summary>
[Trait("guarantees", "S-8 S-14")]
public sealed class LockTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private static readonly int Seconds = (int)LabHost.Patience(60).TotalSeconds;

    public void Dispose()
    {
        host.Shell("systemctl stop locker; rm -f /opt/locker").OrThrow();
        host.Reset();
    }

    [Theory]
    [InlineData("as 'ip netns' left it", "true")]
    [InlineData("before the first namespace of a boot", "umount /run/netns")]
    public void Another_users_locks_on_everything_that_it_may_read_keep_nothing_down(string folder, string before)
    {
        host.Write("/opt/locker", """
            import fcntl, os, time
            held = 0
            for top in ("/run/netns", "/run/vpn-confinement", "/var/lib/vpn-confinement", "/etc/vpn-confinement", "/etc/systemd/system"):
                for folder, _, files in os.walk(top):
                    for path in [folder] + [f"{folder}/{f}" for f in files]:
                        try:
                            fcntl.flock(os.open(path, os.O_RDONLY | os.O_NONBLOCK), fcntl.LOCK_EX | fcntl.LOCK_NB)
                            held += 1
                        except OSError:
                            pass
            open("/tmp/held", "w").write(str(held))
            time.sleep(3600)
            """);
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader; systemctl stop downloader").OrThrow();
        host.Shell($"timeout {Seconds} sh -c 'while test -e /run/netns/media; do sleep 0.1; done'; {before}").OrThrow();
        host.Shell($"rm -f /tmp/held; systemd-run --quiet --unit=locker --uid=nobody -p PrivateTmp=no -p LimitNOFILE=4096 python3 /opt/locker; timeout {Seconds} sh -c 'until test -s /tmp/held; do sleep 0.1; done'").OrThrow();
        Assert.InRange(int.Parse(host.Read("/tmp/held"), System.Globalization.CultureInfo.InvariantCulture), 10, 4000);
        Assert.False(host.Shell("flock --nonblock /run/netns true").Succeeded, folder);

        host.Shell($"timeout {Seconds} systemctl start downloader").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        host.WaitForStatus();
        host.Product("check").OrThrow();
        host.Product("apply").OrThrow();
        host.Shell("systemctl stop downloader").OrThrow();
        host.Shell($"timeout {Seconds} sh -c 'while test -e /run/netns/media; do sleep 0.1; done'").OrThrow();
        host.Product("remove", "--allow-unconfine").OrThrow();
    }

    [Fact]
    public void Another_user_cannot_take_ours()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        Assert.Equal("700 root", host.Shell("stat -c '%a %U' /run/vpn-confinement/locks").OrThrow().Output.Trim());
        Assert.False(host.Shell("setpriv --reuid=nobody --clear-groups flock --nonblock /run/vpn-confinement/locks/ns-media true").Succeeded);
    }

    [Fact]
    public void Names_of_ours_and_of_ip_netns_can_be_made_beside_each_other()
    {
        host.Product("apply").OrThrow();
        host.Shell($"timeout {Seconds} sh -c 'while test -e /run/netns/media; do sleep 0.1; done'; umount /run/netns").Output.ToString();
        host.Shell("for i in $(seq 20); do ip netns add by-ip-$i & done; systemctl start downloader & wait").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        host.Shell("for i in $(seq 20); do ip netns exec by-ip-$i true || exit 1; done; for i in $(seq 20); do ip netns delete by-ip-$i || exit 1; done").OrThrow();
        host.WaitForStatus();
    }
}
