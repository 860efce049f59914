using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>A service that runs on without its tunnel, beside one that is stopped: cut off meanwhile, and back by itself.</summary>
[Trait("guarantees", "S-17")]
public sealed class TunnelLossTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Stopper = "stopper.service";
    private const string Runner = "downloader.service";

    private readonly BadHostFixture _host;

    public TunnelLossTests(BadHostFixture host)
    {
        _host = host;
        host.Write("/etc/systemd/system/" + Stopper, "[Service]\nDynamicUser=yes\nExecStart=/bin/sleep infinity\n");
        host.Write(Laboratory.ConfigFile, host.Config + "onTunnelLoss = \"blackhole\"\n\n[services.stopper.vpn]\nnamespace = \"media\"\n");
        host.Shell("systemctl daemon-reload; systemctl start ordinary").OrThrow();
        host.Product("apply").OrThrow();
        host.Shell($"systemctl start {Runner} {Stopper}").OrThrow();
    }

    public void Dispose() => _host.Reset();

    [Fact]
    public void It_keeps_its_process_sends_nothing_and_works_again_when_the_tunnel_is_back()
    {
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        var pid = MainPid();
        var watch = UplinkWatch.Begin(_host.Laboratory);
        _host.Shell($"systemctl stop {Laboratory.TunnelUnit}").OrThrow();
        _host.Laboratory.Machine.RequireUnit(Stopper, "inactive");
        Assert.Equal("active", _host.Laboratory.Machine.UnitState(Runner));
        Assert.Equal(pid, MainPid());
        var tries = Escapes.Try(_host.Laboratory.Downloader, [.. Escapes.Plain, .. Escapes.Besides, .. Escapes.OverHostLink(_host.Laboratory.HostLinkAddress("HOST"), 22)]);
        Assert.DoesNotContain(tries, t => t.Reply.Ok || t.Reply.IsSilence);
        var silence = watch.EndWithTunnelOnly("");
        Assert.True(silence.Outcome == Outcome.Pass, silence.Detail);
        var quiet = UplinkWatch.Begin(_host.Laboratory);
        Escapes.Try(_host.Laboratory.Downloader, Escapes.Plain);
        var verdict = quiet.EndWithSilence("");
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);
        var status = _host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains($"'systemctl start {Laboratory.TunnelUnit}' brings it back", status.Output, StringComparison.Ordinal);

        _host.Shell($"systemctl start {Laboratory.TunnelUnit}").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        Assert.Equal($"{Addresses.PinnedAnswer}", $"{_host.Laboratory.Downloader.ResolveInTime("again.example")}");
        Assert.Equal(pid, MainPid());
        _host.Laboratory.Machine.RequireUnit(Stopper, "active");
        _host.WaitForStatus();
    }

    [Fact]
    public void A_tunnel_that_fails_is_tried_again_until_it_is_there()
    {
        var pid = MainPid();
        _host.Shell("mv /var/lib/vpn-confinement/secrets/wg0.key /root/away.key").OrThrow();
        Assert.False(_host.Shell($"systemctl restart {Laboratory.TunnelUnit}").Succeeded);
        Assert.False(_host.Laboratory.Downloader.Get(Addresses.Web).Ok);
        _host.Shell("mv /root/away.key /var/lib/vpn-confinement/secrets/wg0.key").OrThrow();
        _host.Laboratory.Machine.RequireUnit(Laboratory.TunnelUnit, "active");
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        Assert.Equal(pid, MainPid());
        _host.Laboratory.Machine.RequireUnit(Stopper, "active");
    }

    [Fact]
    public void It_goes_with_its_namespace_and_both_come_back_with_the_tunnel()
    {
        // Once without the other, so that nobody but the one that runs on holds what writes down who comes back.
        _host.Shell($"systemctl stop {Stopper}; systemctl restart {Laboratory.TunnelUnit}; systemctl start {Stopper}").OrThrow();

        // Before that is up, nobody would write anything down (docs/known-issues.md).
        _host.Laboratory.Machine.RequireUnit("vpn-confinement-return@media.service", "active");
        _host.Shell("systemctl stop vpn-confinement-netns@media").OrThrow();
        _host.Laboratory.Machine.RequireUnit(Runner, "inactive");
        Assert.False(_host.Exists("/run/netns/media"));
        _host.Shell($"systemctl start {Laboratory.TunnelUnit}").OrThrow();
        _host.Laboratory.Machine.RequireUnit(Runner, "active");
        _host.Laboratory.Machine.RequireUnit(Stopper, "active");
        _host.WaitForStatus();
    }

    [Fact]
    public void The_namespace_goes_with_the_last_service_that_uses_it()
    {
        _host.Shell($"systemctl stop {Stopper}; systemctl stop {Laboratory.TunnelUnit}").OrThrow();
        Assert.Equal("active", _host.Laboratory.Machine.UnitState("vpn-confinement-netns@media.service"));
        _host.Shell($"systemctl stop {Runner}").OrThrow();
        _host.Laboratory.Machine.RequireUnit("vpn-confinement-netns@media.service", "inactive");
        Assert.False(_host.Exists("/run/netns/media"));
        _host.Shell($"systemctl start {Runner}").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
    }

    private string MainPid() => _host.Shell($"systemctl show -p MainPID --value {Runner}").OrThrow().Output.Trim();
}
