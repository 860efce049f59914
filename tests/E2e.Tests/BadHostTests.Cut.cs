using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <content>Runs that were killed, and what was left or broken behind them.</content>
public sealed partial class BadHostTests
{
    [Fact]
    public void A_process_that_survives_the_stop_on_the_hosts_network_keeps_the_service_down()
    {
        host.Shell("mkdir -p /etc/systemd/system/downloader.service.d").OrThrow();
        host.Write("/etc/systemd/system/downloader.service.d/10-survivor.conf", "[Service]\nKillMode=process\nExecStartPost=/bin/sh -c 'sleep 300 &'\n");
        host.Shell("systemctl daemon-reload; systemctl start downloader").OrThrow();
        var result = host.Product("apply");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("still running on the host's network", result.Error, StringComparison.Ordinal);
        Assert.NotEqual("active", host.Laboratory.Machine.UnitState("downloader.service"));
        host.KillAll("downloader.service");
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        Assert.Equal(0, host.Product("status").ExitCode);
        host.Shell("systemctl stop downloader; systemctl kill --kill-who=all --signal=KILL downloader").OrThrow();
    }

    [Fact]
    public void An_apply_that_is_killed_is_completed_by_the_next()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        foreach (var (ports, milliseconds) in new[] { 30, 60, 90, 120, 160, 220, 300, 400 }.Select((ms, i) => ($"[{9100 + i}]", ms)))
        {
            host.Write(Laboratory.ConfigFile, host.Config.Replace("[9091]", ports, StringComparison.Ordinal));
            host.Shell($"timeout -s KILL 0.{milliseconds:000} {Laboratory.Product} apply; {KilledIsGone}");
            Assert.DoesNotContain("outside its namespace", host.Product("status").Output, StringComparison.Ordinal);
            host.Product("apply").OrThrow();
            host.Shell("systemctl start downloader").OrThrow();
            Assert.Equal(0, host.Product("status").ExitCode);
            Assert.Contains(ports.Trim('[', ']'), host.Shell("nsenter --net=/run/netns/media nft list set inet vpnc host_tcp_ports").OrThrow().Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_tunnel_that_flaps_forgets_nobody()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.Shell("for i in 1 2; do systemctl stop wireguard-wg0; systemctl start wireguard-wg0; done; systemctl stop wireguard-wg0; systemctl start wireguard-wg0").OrThrow();
        host.Laboratory.Machine.RequireUnit("downloader.service", "active");
        Assert.Equal(0, host.Product("status").ExitCode);
    }

    [Fact]
    public void A_service_comes_back_although_the_plan_was_damaged_meanwhile()
    {
        host.Product("apply").OrThrow();
        host.Shell($"systemctl start downloader; echo x > {State}/namespaces/media/plan.json").OrThrow();
        host.Laboratory.Machine.RequireUnit("vpn-confinement-return@media.service", "active");
        Assert.False(host.Shell("systemctl restart wireguard-wg0").Succeeded && host.Laboratory.Machine.UnitState("downloader.service") == "active");
        Assert.Equal(4, host.Product("status").ExitCode);
        var applied = host.Product("apply").OrThrow();
        host.Laboratory.Machine.RequireUnit("downloader.service", "active");
        Assert.Equal(0, host.Product("status").ExitCode);
    }

    [Theory]
    [InlineData("nsenter --net=/run/netns/media nft flush ruleset")]
    [InlineData("nsenter --net=/run/netns/media ip link delete wg0")]
    [InlineData("ip netns delete media")]
    public void What_somebody_broke_in_the_kernel_is_seen_and_the_next_apply_repairs_it(string damage)
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.StopWatching();
        host.Shell(damage).OrThrow();
        Assert.NotEqual(0, host.Product("status").ExitCode);
        host.Product("apply").OrThrow();
        Assert.Equal("active", host.Laboratory.Machine.UnitState("downloader.service"));
        Assert.Equal(0, host.Product("status").ExitCode);
    }

    [Fact]
    public void A_remove_that_is_killed_can_be_run_again()
    {
        foreach (var milliseconds in new[] { 40, 80, 120, 160, 220, 280, 340, 420 })
        {
            host.Product("apply").OrThrow();
            host.Shell("systemctl start downloader").OrThrow();
            host.Shell($"timeout -s KILL 0.{milliseconds:000} {Laboratory.Product} remove --allow-unconfine; {KilledIsGone}");
            host.Product("remove", "--allow-unconfine").OrThrow();
            Assert.False(host.Exists(State));
            Assert.False(host.Exists(TunnelUnitFile));
            Assert.NotEqual("active", host.Laboratory.Machine.UnitState("downloader.service"));
        }
    }
}
