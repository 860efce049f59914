using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// A service that an administrator froze is stopped by whatever stops it otherwise, once nothing that it sends can
/// leave; it can be started again, and 'status' names it.
/// </summary>
[Trait("guarantees", "S-6 S-7 S-17")]
public sealed class FrozenServiceTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Netns = "vpn-confinement-netns@media.service";
    private const string Downloader = "downloader.service";

    private readonly BadHostFixture _host;

    public FrozenServiceTests(BadHostFixture host)
    {
        _host = host;
        host.Product("apply").OrThrow();
        host.Shell("systemctl start ordinary downloader").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
    }

    public void Dispose()
    {
        // Where the program did not.
        _host.Shell("systemctl thaw downloader").ToString();
        _host.Reset();
    }

    [Fact]
    public void It_is_named()
    {
        Assert.DoesNotContain("FROZEN", _host.Product("status").Output, StringComparison.Ordinal);
        Freeze();
        var status = _host.Product("status");
        Assert.Contains("downloader.service  active, FROZEN", status.Output, StringComparison.Ordinal);
        Assert.Equal(0, status.ExitCode);
        Assert.Contains("\"frozen\": true", _host.Product("status", "--json").Output, StringComparison.Ordinal);
        Assert.Contains("nothing to do", _host.Product("apply").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void It_goes_down_with_its_tunnel_and_comes_back_with_it()
    {
        var watch = UplinkWatch.Begin(_host.Laboratory);
        Freeze();
        _host.Shell($"systemctl stop {Laboratory.TunnelUnit}").OrThrow();
        _host.Laboratory.Machine.RequireUnit(Downloader, "inactive");
        _host.Shell($"systemctl start {Laboratory.TunnelUnit}").OrThrow();
        Runs();
        var verdict = watch.EndWithTunnelOnly("frozen");
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);
    }

    [Fact]
    public void It_goes_down_with_its_namespace()
    {
        Freeze();
        _host.Shell($"systemctl stop {Netns}").OrThrow();
        _host.Laboratory.Machine.RequireUnit(Downloader, "inactive");
        _host.Shell("systemctl start downloader").OrThrow();
        Runs();
    }

    [Fact]
    public void It_runs_on_without_its_tunnel_and_goes_down_with_its_namespace_where_it_outlives_the_tunnel()
    {
        _host.Write(Laboratory.ConfigFile, _host.Config + "onTunnelLoss = \"blackhole\"\n");
        _host.Product("apply").OrThrow();
        Freeze();
        _host.Shell($"systemctl stop {Laboratory.TunnelUnit}; sleep 1").OrThrow();
        Assert.Contains("downloader.service  active, FROZEN", _host.Product("status").Output, StringComparison.Ordinal);
        _host.Shell($"systemctl stop {Netns}").OrThrow();
        _host.Laboratory.Machine.RequireUnit(Downloader, "inactive");
    }

    [Fact]
    public void A_repair_restarts_it()
    {
        Freeze();
        var run = Invocation();
        _host.Shell("ip -n media link delete wg0").OrThrow();
        _host.WaitForAnotherRun(Downloader, run);
        Runs();
    }

    [Theory]
    [InlineData("its drop-in changes", "extraAddressFamilies = [\"AF_INET6\"]\n")]
    [InlineData("its namespace changes", "[namespaces.media.dns]\nservers = [\"203.0.113.77\"]\n")]
    public void A_change_restarts_it_and_going_back_does(string what, string change)
    {
        Freeze();
        var run = Invocation();
        _host.Write(Laboratory.ConfigFile, _host.Config + change);

        // The other resolver answers nobody.
        _host.Product("apply", "--no-wait").OrThrow();
        Assert.True(Invocation() != run, what);
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        Freeze();
        run = Invocation();
        _host.Product("rollback").OrThrow();
        Assert.True(Invocation() != run, what);
        _host.Write(Laboratory.ConfigFile, _host.Config);
        Runs();
    }

    [Fact]
    public void It_is_removed_with_everything()
    {
        Freeze();
        _host.Product("remove", "--allow-unconfine").OrThrow();
        Assert.Equal("inactive", _host.Laboratory.Machine.UnitState(Downloader));
        Assert.False(_host.Exists("/var/lib/vpn-confinement/manifest.json"));
        _host.Shell("systemctl start downloader").OrThrow();
        Assert.Equal($"{Addresses.Machine}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
    }

    // Of a run that could not: blocked, and 'status' tells of 'apply'.
    [Fact]
    public void One_that_was_left_when_its_tunnel_went_down_is_stopped_by_apply()
    {
        Freeze();
        _host.Shell("mv /usr/bin/systemctl /usr/bin/systemctl.away; ln -s /bin/false /usr/bin/systemctl").OrThrow();
        try
        {
            _host.Shell($"/usr/bin/systemctl.away stop {Laboratory.TunnelUnit}").OrThrow();
        }
        finally
        {
            _host.Shell("mv -f /usr/bin/systemctl.away /usr/bin/systemctl").OrThrow();
        }

        // Where systemd could not stop it, the tunnel's own stop failed, and 'apply' says so as well.
        var left = _host.Shell("systemctl is-active downloader").Output.Trim() == "active";
        Assert.Equal(left ? 4 : 0, _host.Product("apply").ExitCode);
        _host.Laboratory.Machine.RequireUnit(Downloader, "inactive");
        _host.Shell("systemctl start downloader").OrThrow();
        Runs();
    }

    private void Freeze()
    {
        _host.Shell("systemctl freeze downloader").OrThrow();
        Assert.Contains("frozen 1", _host.Read("/sys/fs/cgroup/system.slice/downloader.service/cgroup.events"), StringComparison.Ordinal);
    }

    private void Runs()
    {
        _host.Laboratory.Machine.RequireUnit(Downloader, "active");
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        _host.WaitForStatus();
    }

    private string State() => _host.Shell($"systemctl status {Downloader} {Laboratory.TunnelUnit} {Netns}; journalctl -q -o cat -n 30").Output;

    private string Invocation() => _host.Shell("systemctl show -p InvocationID --value downloader").OrThrow().Output.Trim();
}
