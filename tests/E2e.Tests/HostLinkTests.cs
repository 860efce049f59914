using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// What the host sends to a published port goes over the host link or nowhere: at boot, while the namespace is down,
/// while the link's address is away. What network daemons of the host do to the link changes nothing of that.
/// </summary>
[Trait("guarantees", "S-13 S-36")]
public sealed class HostLinkTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Units = "/etc/systemd/system/";
    private const string Network = "/etc/systemd/network/";
    private const string HostEnd = "vh-media";
    private const string NamespaceAddress = "169.254.77.6";
    private const string Route = "unreachable 169.254.77.4/30 proto kernel metric 4294967295";
    private static readonly TimeSpan Patience = LabHost.Patience(30);

    private readonly BadHostFixture _host;
    private readonly Laboratory _laboratory;
    private readonly string _began;

    public HostLinkTests(BadHostFixture host)
    {
        _host = host;
        _laboratory = host.Laboratory;
        host.Write(Laboratory.ConfigFile, host.Config.Replace(
            "publishToHost.tcp = [9091]", $$"""publishToHost.tcp = [9091]{{"\n"}}hostLink = { hostIf = "{{HostEnd}}", nsIf = "vn-media", subnetIPv4 = "169.254.77.4/30" }""", StringComparison.Ordinal));

        // A reverse proxy that asks from its first moment on, and as often as it can.
        host.Write(Units + "proxy.service", $"""
            [Unit]
            DefaultDependencies=no
            After=sysinit.target
            [Service]
            ExecStart=/bin/bash -c 'while :; do timeout 0.2 bash -c "echo request > /dev/tcp/{NamespaceAddress}/{Laboratory.PublishedPort}"; sleep 0.02; done 2>/dev/null'
            [Install]
            WantedBy=basic.target

            """);
        host.Shell("systemctl daemon-reload").OrThrow();
        _began = host.Shell("date '+%F %T.%6N'").OrThrow().Output.Trim();
    }

    public void Dispose()
    {
        _host.Shell($"systemctl disable --now proxy 2>/dev/null; rm -rf {Units}proxy.service {Network}*-test*; systemctl stop systemd-networkd.socket systemd-networkd 2>/dev/null; systemctl daemon-reload").OrThrow();
        _host.Reset();
    }

    [Fact]
    public void The_route_is_there_from_boot_before_anything_asks_stays_while_the_namespace_is_down_and_goes_with_remove()
    {
        Assert.Contains($"{Network}05-vpn-confinement.network", _host.Product("plan").Output, StringComparison.Ordinal);
        _host.Product("apply").OrThrow();
        Assert.Equal("[Match]\nName=vh-media vpnc*", _host.Shell($"grep -A1 Match {Network}05-vpn-confinement.network").Output.Trim());
        Assert.Contains(Route, Routes(), StringComparison.Ordinal);
        _host.Shell("systemctl stop downloader; systemctl enable proxy").OrThrow();
        Assert.True(Eventually(() => !_host.Exists("/run/netns/media")));
        Assert.Contains(Route, Routes(), StringComparison.Ordinal);
        _laboratory.Machine.Run("systemctl", "reboot");
        _laboratory.Machine.WaitForEnd();

        _laboratory.BootAgain();
        Assert.True(_laboratory.Machine.WaitForUnit("proxy.service", "active", Patience));
        Assert.False(_host.Exists("/run/netns/media"));
        Assert.Contains(Route, Routes(), StringComparison.Ordinal);
        Thread.Sleep(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(_laboratory.Uplink.Since(0), IsRequest);

        // It is this route that holds it: without it, each request leaves in clear.
        _host.Shell("ip route flush type unreachable").OrThrow();
        Assert.True(_laboratory.Uplink.WaitFor(0, IsRequest, Patience));
        Assert.Equal(4, _host.Product("status").ExitCode);
        _host.Product("apply").OrThrow();
        Assert.Contains(Route, Routes(), StringComparison.Ordinal);

        _host.Shell("systemctl disable --now proxy").OrThrow();
        _host.Product("remove", "--allow-unconfine").OrThrow();
        Assert.Equal("", Routes());
        Assert.False(_host.Exists("/run/vpn-confinement/media.host-route"));
        Assert.False(_host.Exists($"{Units}sysinit.target.d"));
        Assert.False(_host.Exists($"{Network}05-vpn-confinement.network"));
        Assert.False(_host.Exists("/etc/NetworkManager"));
    }

    [Fact]
    public void Networkd_that_takes_every_link_into_a_bridge_leaves_the_host_link_alone()
    {
        StartWithBridge("20-test.network");
        var watch = UplinkWatch.Begin(_laboratory);
        StartNetworkd();
        Assert.True(Eventually(() => _host.Exists("/sys/class/net/everything")), "networkd made no bridge");
        _host.Shell("networkctl reload; systemctl restart systemd-networkd; sleep 3").OrThrow();
        Assert.False(_host.Exists($"/sys/class/net/{HostEnd}/master"));
        Assert.Equal("", Entries("damaged"));
        Assert.Contains("unmanaged", _host.Shell($"networkctl --no-legend list {HostEnd}").Output, StringComparison.Ordinal);
        Assert.Equal(0, _host.Product("status").ExitCode);
        Assert.True(_laboratory.Ordinary.Connect(System.Net.IPAddress.Parse(NamespaceAddress), 1).Error is "ECONNREFUSED" or "ETIMEDOUT");
        var verdict = watch.EndWithTunnelOnly("networkd");
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);
        _host.Shell("systemctl stop systemd-networkd.socket systemd-networkd; ip link del everything").OrThrow();
    }

    [Fact]
    public void Networkd_that_is_told_to_take_the_host_link_all_the_same_opens_nothing_and_is_not_fought_for_ever()
    {
        // Before ours, by its name.
        StartWithBridge("00-test.network");
        var watch = UplinkWatch.Begin(_laboratory);
        StartNetworkd();
        Assert.True(Eventually(() => Entries("contested").Contains("is a port of everything", StringComparison.Ordinal)), Entries("damaged"));
        var status = _host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains("degraded: host end", status.Output, StringComparison.Ordinal);
        var rounds = Entries("damaged").Split('\n').Length;
        Thread.Sleep(TimeSpan.FromSeconds(4));
        Assert.Equal(rounds, Entries("damaged").Split('\n').Length);
        Assert.Contains(Route, Routes(), StringComparison.Ordinal);
        var verdict = watch.EndWithTunnelOnly("networkd");
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);

        _host.Shell($"systemctl stop systemd-networkd.socket systemd-networkd; rm {Network}00-test.network").OrThrow();

        // Its watcher has to see first that nobody changes it any more.
        _host.Product("apply", "--no-wait").OrThrow();
        Assert.False(_host.Exists($"/sys/class/net/{HostEnd}/master"));
        _host.Shell("ip link del everything").OrThrow();
    }

    [Fact]
    public void A_setting_of_all_links_that_undoes_that_of_the_host_link_is_named_and_left_alone()
    {
        _host.Product("apply").OrThrow();
        _host.Shell("systemctl start downloader; echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet").OrThrow();
        try
        {
            var status = _host.Product("status");
            Assert.Equal(4, status.ExitCode);
            Assert.Contains("net.ipv4.conf.all.route_localnet is 1", status.Output, StringComparison.Ordinal);
            Assert.True(Eventually(() => Entries("host-setting").Contains("route_localnet", StringComparison.Ordinal)));
            var applied = _host.Product("apply");
            Assert.Equal(4, applied.ExitCode);
            Assert.Contains("degraded: net.ipv4.conf.all.route_localnet is 1", applied.Error, StringComparison.Ordinal);
            Assert.Equal("1", _host.Shell("cat /proc/sys/net/ipv4/conf/all/route_localnet").OrThrow().Output.Trim());
        }
        finally
        {
            _host.Shell("echo 0 > /proc/sys/net/ipv4/conf/all/route_localnet").OrThrow();
        }

        Assert.Equal(0, _host.Product("status").ExitCode);
    }

    private void StartWithBridge(string file)
    {
        _host.Product("apply").OrThrow();
        _host.Shell("systemctl start downloader ordinary").OrThrow();
        Assert.True(_laboratory.Machine.WaitForUnit("vpn-confinement-watch@media.service", "active", Patience));
        _host.Shell($"mkdir -p {Network}").OrThrow();
        _host.Write(Network + "10-test.netdev", "[NetDev]\nName=everything\nKind=bridge\n");

        // Not the uplink, which the test's own controls need.
        _host.Write(Network + file, "[Match]\nType=ether\nName=!uplink0\n[Network]\nBridge=everything\n");
    }

    // The lab's machines have it masked.
    private void StartNetworkd() => _host.Shell(
        "systemctl unmask --runtime systemd-networkd 2>/dev/null; systemctl unmask systemd-networkd && systemctl start systemd-networkd").OrThrow();

    // Of this test alone: the tests of this class share a machine, and its journal.
    private string Entries(string what) =>
        _host.Shell($"journalctl -q -o cat VPNC_NAMESPACE=media VPNC_EVENT={what} --since='{_began}'").Output;

    private string Routes() => _host.Shell("ip route show type unreachable").OrThrow().Output;

    private static bool IsRequest(Packet packet) => packet.Kind == PacketKind.Tcp && packet.Destination?.ToString() == NamespaceAddress;

    private static bool Eventually(Func<bool> condition)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (clock.Elapsed < Patience)
        {
            if (condition())
            {
                return true;
            }

            Thread.Sleep(100);
        }

        return false;
    }
}
