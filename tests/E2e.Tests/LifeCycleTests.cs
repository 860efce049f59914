using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// What systemd does to a namespace, a tunnel and those who use them: restarts, reloads, isolations, reboots, starts in every order. One of the services
/// sends from its first moment on without being asked; the world may hear it from the provider's address only, or not at all.
/// </summary>
[Trait("guarantees", "S-7 S-17 S-22")]
public sealed class LifeCycleTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Units = "/etc/systemd/system";
    private const string Tunnel = Laboratory.TunnelUnit;
    private const string Netns = "vpn-confinement-netns@media.service";
    private const string Eager = "eager.service";
    private const string Downloader = "downloader.service";
    private const string Socket = "app.socket";
    private const string Key = "/var/lib/vpn-confinement/secrets/wg0.key";
    private const string Kills = $"for n in 1 2 3 4 5 6 7 8 9 10; do systemctl kill -s KILL {Eager} 2>/dev/null; sleep 0.1; done";
    private const string Go = "/run/go";
    private const int EagerPort = 47003;
    private static readonly string[] All = [Eager, Downloader, Socket];
    private static readonly TimeSpan Patience = LabHost.Patience(60);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private readonly BadHostFixture _host;
    private readonly Laboratory _laboratory;

    // Every link of the internet, so that it goes on over a reboot and shows what comes from the provider as well.
    private readonly Sniffer _internet;

    public LifeCycleTests(BadHostFixture host)
    {
        _host = host;
        _laboratory = host.Laboratory;
        _internet = new Sniffer(_laboratory.World.Internet, null);
        host.Write($"{Units}/{Eager}", $$"""
            [Unit]
            StartLimitIntervalSec=0
            [Service]
            DynamicUser=yes
            Restart=always
            RestartSec=0
            ExecStart=/bin/bash -c 'while :; do { echo eager >/dev/udp/{{Addresses.Web}}/{{EagerPort}}; } 2>/dev/null; sleep 0.05; done'

            """);
        host.Write($"{Units}/{Socket}", "[Socket]\nListenStream=9191\n");
        host.Write($"{Units}/app.service", "[Service]\nDynamicUser=yes\nExecStart=/usr/lib/systemd/systemd-socket-proxyd 127.0.0.1:9091\n");
        host.Write($"{Units}/with.target", $"[Unit]\nRequires=basic.target\nAfter=basic.target\nAllowIsolate=yes\nWants=ordinary.service {string.Join(' ', All)}\n");
        host.Write($"{Units}/without.target", "[Unit]\nRequires=basic.target\nAfter=basic.target\nAllowIsolate=yes\nWants=ordinary.service\n");
        host.Write(Laboratory.ConfigFile, host.Config + """

            [services.eager.vpn]
            namespace = "media"
            [services.app.vpn]
            namespace = "media"
            [sockets.app.vpn]
            namespace = "media"

            """);

        // Unconfined, it is heard: silence later on means something.
        host.Shell($"systemctl daemon-reload; systemctl start ordinary {Eager}").OrThrow();
        Assert.True(Hears(Addresses.Machine), "the capture does not see the service before it is confined");
        host.Shell($"systemctl stop {Eager}").OrThrow();
        host.Product("apply").OrThrow();
    }

    public void Dispose()
    {
        _internet.Dispose();
        _host.Shell($"rm -rf {Units}/{Tunnel}.d {Units}/vpnc-lab.target.wants; systemctl isolate vpnc-lab.target; systemctl daemon-reload");
        _host.Reset();
        _host.Shell($"systemctl stop {Eager} app.service {Socket}; rm -f {Units}/eager.* {Units}/app.* {Units}/with*.target; systemctl daemon-reload; systemctl reset-failed").OrThrow();
    }

    [Theory]
    [InlineData($"systemctl restart {Tunnel}")]
    [InlineData($"systemctl restart {Netns}")]
    [InlineData($"systemctl restart {Netns} {Tunnel} {Eager} {Downloader} {Socket}")]
    [InlineData($"systemctl stop {Tunnel}; systemctl start {Tunnel}")]
    [InlineData($"systemctl stop {Netns}; systemctl start {Tunnel}")]
    [InlineData($"systemctl stop {Tunnel} {Eager}; systemctl start {Eager}")]
    [InlineData($"systemctl kill -s KILL {Eager} {Downloader}; systemctl restart {Downloader}")]
    [InlineData("systemctl daemon-reload")]
    [InlineData("systemctl daemon-reexec")]
    [InlineData("systemctl isolate with.target")]
    [InlineData("systemctl isolate with.target; systemctl isolate without.target; systemctl isolate with.target")]
    public void All_who_were_up_are_up_again_and_never_outside(string change)
    {
        Start(All);
        var watch = UplinkWatch.Begin(_laboratory);
        _host.Shell(change).OrThrow();
        AssertConfined(All);
        AssertTunnelOnly(watch, change);
    }

    [Theory]
    [InlineData($"systemctl stop {Tunnel}")]
    [InlineData($"systemctl stop {Netns}")]
    [InlineData("systemctl isolate without.target")]
    public void Without_its_tunnel_or_namespace_everything_is_down_and_silent(string loss)
    {
        Start(All);
        _host.Shell(loss).OrThrow();
        AssertDown([.. All, Tunnel, Netns]);
        Assert.False(_host.Exists("/run/netns/media"));
        Assert.Empty(_host.Shell("ss -Hltn 'sport = :9191'").OrThrow().Output);
        AssertSilence(loss);
    }

    [Theory]
    [InlineData($"systemctl restart {Tunnel}")]
    [InlineData($"systemctl restart {Netns}")]
    [InlineData($"systemctl stop {Tunnel}; systemctl start {Tunnel}")]
    [InlineData($"mv {Key} {Key}.away; systemctl restart {Tunnel}; systemctl restart {Tunnel}; mv {Key}.away {Key}; systemctl start {Tunnel}")]
    public void Exactly_what_the_tunnel_took_down_comes_back(string change)
    {
        Start(All);
        _host.Shell($"systemctl stop {Eager}").OrThrow();
        var watch = UplinkWatch.Begin(_laboratory);
        _host.Shell(change).OrThrow();
        AssertConfined(Downloader, Socket);
        Thread.Sleep(Quiet);
        Assert.Equal("inactive", State(Eager));
        AssertTunnelOnly(watch, change);
        Start(Eager);
        AssertConfined(All);
    }

    // Before, during, after: one whose tunnel is down, one whose tunnel is just coming up, one whose tunnel is there.
    [Fact]
    public void A_service_starts_before_during_and_after_its_tunnel()
    {
        HoldTunnel();
        var watch = UplinkWatch.Begin(_laboratory);
        _host.Shell($"systemctl start --no-block {Eager}").OrThrow();
        _laboratory.Machine.RequireUnit(Tunnel, "activating");
        _host.Shell($"systemctl start --no-block {Socket}").OrThrow();
        Assert.Equal(("activating", "inactive", "inactive"), (State(Tunnel), State(Eager), State(Socket)));
        Assert.Empty(_laboratory.Machine.ProcessesOf(Eager));
        _host.Write(Go, "");
        AssertConfined(Eager, Socket);
        Start(Downloader);
        AssertConfined(All);
        AssertTunnelOnly(watch, "before, during, after");
    }

    [Fact]
    public void A_start_that_is_taken_back_while_the_tunnel_comes_up_leaves_nothing()
    {
        HoldTunnel();
        _host.Shell($"systemctl start --no-block {Eager}").OrThrow();
        _laboratory.Machine.RequireUnit(Tunnel, "activating");
        _host.Shell($"systemctl stop {Eager}").OrThrow();
        _host.Write(Go, "");
        _laboratory.Machine.RequireUnit(Netns, "inactive");
        AssertDown(Eager);
        AssertSilence("start taken back");
    }

    [Fact]
    public void A_tunnel_that_cannot_come_up_lets_nobody_start_until_it_is_mended()
    {
        _host.Shell($"cp -p {Key} /root/good.key; head -c 20 /root/good.key >{Key}").OrThrow();
        var watch = UplinkWatch.Begin(_laboratory);
        foreach (var unit in All)
        {
            Assert.False(_host.Shell($"systemctl start {unit}").Succeeded, unit);
        }

        AssertDown(All);
        AssertSilence("bad key");
        _host.Shell($"cp -p /root/good.key {Key}; rm /root/good.key").OrThrow();
        Start(All);
        AssertConfined(All);
        AssertTunnelOnly(watch, "mended key");
    }

    // Restart=always, and a process that dies over and over: in the very moment in which its tunnel goes, or cut off with a tunnel that cannot come back.
    [Theory]
    [InlineData("stop", $"systemctl stop {Tunnel} & {Kills}; wait")]
    [InlineData("blackhole", $"systemctl stop {Tunnel}; {Kills}")]
    public void A_process_that_dies_without_a_tunnel_is_not_outside_when_it_is_started_again(string onTunnelLoss, string loss)
    {
        OnTunnelLoss(onTunnelLoss);
        Start(All);
        var watch = UplinkWatch.Begin(_laboratory);
        var pid = MainPid(Eager);
        _host.Shell($"mv {Key} {Key}.away; {loss}").OrThrow();
        AssertDown(Downloader, Socket);
        AssertTunnelOnly(watch, loss);
        if (onTunnelLoss == "stop")
        {
            AssertDown(Eager);
        }
        else
        {
            // It waits for the try that is just being made to bring the tunnel back.
            _laboratory.Machine.RequireUnit(Eager, "active");
            Assert.NotEqual(pid, MainPid(Eager));
        }

        AssertSilence(loss);
        _host.Shell($"mv {Key}.away {Key}; systemctl start {Tunnel}").OrThrow();

        // One that died by itself before the tunnel was stopped was not taken down by it.
        Start(Eager);
        AssertConfined(All);
    }

    [Fact]
    public void One_that_runs_on_and_one_that_stops_go_through_the_same_restarts()
    {
        OnTunnelLoss("blackhole");
        Start(All);
        foreach (var (change, keeps) in new[] { ($"systemctl restart {Tunnel}", true), ($"systemctl restart {Netns}", false), ("systemctl daemon-reexec", true) })
        {
            var (runner, stopper) = (MainPid(Eager), MainPid(Downloader));
            var watch = UplinkWatch.Begin(_laboratory);
            _host.Shell(change).OrThrow();
            AssertConfined(All);
            Assert.Equal((keeps, change.EndsWith("reexec", StringComparison.Ordinal)), (MainPid(Eager) == runner, MainPid(Downloader) == stopper));
            AssertTunnelOnly(watch, change);
        }
    }

    // Its start waits for the tunnel when it loses its confinement: it must not go on without.
    [Fact]
    public void A_start_that_waits_while_its_service_is_taken_out_of_confinement_is_called_off()
    {
        HoldTunnel();
        _host.Shell($"systemctl start --no-block {Downloader}").OrThrow();
        Assert.NotEqual("", _host.Shell($"systemctl list-jobs --no-legend {Downloader}").OrThrow().Output);
        var config = _host.Read(Laboratory.ConfigFile);
        _host.Write(Laboratory.ConfigFile, config.Replace("[services.downloader.vpn]\nnamespace = \"media\"", "", StringComparison.Ordinal));
        _host.Product("apply", "--allow-unconfine", "--no-wait").OrThrow();
        _host.Write(Go, "");
        _host.Shell("sleep 2").OrThrow();
        Assert.Equal("inactive", State(Downloader));
    }

    [Fact]
    public void A_reboot_brings_back_what_is_enabled_confined_from_its_first_packet()
    {
        _host.Shell($"systemctl add-wants vpnc-lab.target {Eager} {Socket}").OrThrow();
        Start(All);
        var start = _internet.Count;
        Reboot();
        AssertConfined(Eager, Socket);
        Assert.Equal("inactive", State(Downloader));
        AssertOnlyTheTunnelCrossed(start);
        Start(Downloader);
        AssertConfined(All);
    }

    [Fact]
    public void A_reboot_without_a_key_starts_nobody_and_mended_they_start()
    {
        _host.Shell($"systemctl add-wants vpnc-lab.target {Eager} {Socket}; mv {Key} {Key}.away").OrThrow();
        var start = _internet.Count;
        Reboot();
        AssertDown(Eager, Socket);
        AssertSilence("booted without a key");
        AssertOnlyTheTunnelCrossed(start);
        _host.Shell($"mv {Key}.away {Key}").OrThrow();
        Start(All);
        AssertConfined(All);
    }

    private void Reboot()
    {
        _host.Shell("systemctl reboot").OrThrow();
        _laboratory.Machine.WaitForEnd();
        _laboratory.BootAgain();
    }

    private void OnTunnelLoss(string choice)
    {
        _host.Write(Laboratory.ConfigFile, _host.Read(Laboratory.ConfigFile).Replace("[services.eager.vpn]", $"[services.eager.vpn]\nonTunnelLoss = \"{choice}\"", StringComparison.Ordinal));
        _host.Product("apply").OrThrow();
    }

    // The tunnel's start goes on when there is a file.
    private void HoldTunnel()
    {
        _host.Shell($"rm -f {Go}; mkdir -p {Units}/{Tunnel}.d").OrThrow();
        _host.Write($"{Units}/{Tunnel}.d/held.conf", $"[Service]\nExecStartPre=/bin/sh -c 'until [ -e {Go} ]; do sleep 0.1; done'\n");
        _host.Shell("systemctl daemon-reload").OrThrow();
    }

    private void Start(params string[] units) => _host.Shell($"systemctl start {string.Join(' ', units)}").OrThrow();

    private void AssertConfined(params string[] units)
    {
        foreach (var unit in units)
        {
            _laboratory.Machine.RequireUnit(unit, "active");
        }

        if (units.Contains(Eager))
        {
            Assert.True(Hears(Addresses.Provider), "what the service sends does not arrive through the tunnel");
        }

        if (units.Contains(Downloader))
        {
            Assert.Equal($"{Addresses.Provider}", $"{_laboratory.Downloader.GetInTime(Addresses.Web)}");
            var answer = _laboratory.Downloader.ResolveInTime($"life-{Guid.NewGuid():N}.example");
            Assert.Equal($"{Addresses.PinnedAnswer}", $"{answer}");
        }

        Assert.Empty(_host.Shell("ss -Hltn 'sport = :9191'").OrThrow().Output);
        _host.WaitForStatus();
    }

    private void AssertDown(params string[] units)
    {
        foreach (var unit in units)
        {
            Eventually.See(
                $"{unit} is down", () => State(unit), state => state is "inactive" or "failed",
                () => _laboratory.Machine.Told(unit));
            Assert.Empty(_laboratory.Machine.ProcessesOf(unit));
        }
    }

    private void AssertSilence(string when)
    {
        _host.Shell("systemctl start ordinary").OrThrow();
        var watch = UplinkWatch.Begin(_laboratory);
        Thread.Sleep(Quiet);
        var verdict = watch.EndWithSilence(when);
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);
    }

    private static void AssertTunnelOnly(UplinkWatch watch, string when)
    {
        var verdict = watch.EndWithTunnelOnly(when);
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);
    }

    // Over a reboot: one capture from before it until after, which must have seen the machine's packets on purpose.
    private void AssertOnlyTheTunnelCrossed(int start)
    {
        _host.Shell("systemctl start ordinary").OrThrow();
        _laboratory.Ordinary.Send(Addresses.Web, UplinkPolicy.ControlPort);
        Assert.True(_internet.WaitFor(start, p => p.Interface == World.UplinkPeer && UplinkPolicy.IsControl(p), Patience));
        Assert.Equal(0, _internet.Dropped);
        Assert.DoesNotContain(_internet.Since(start), p => p.Interface == World.UplinkPeer && !UplinkPolicy.IsControl(p) && !UplinkPolicy.IsTunnel(p) && !UplinkPolicy.IsUpkeep(p));
    }

    private bool Hears(System.Net.IPAddress source) =>
        _internet.WaitFor(_internet.Count, p => p.Kind == PacketKind.Udp && p.DestinationPort == EagerPort && source.Equals(p.Source), Patience);

    private string State(string unit) => _laboratory.Machine.UnitState(unit);

    private string MainPid(string unit) => _host.Shell($"systemctl show -p MainPID --value {unit}").OrThrow().Output.Trim();
}
