using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>Units of ours that failed over a damage are failed no longer once 'apply' has repaired it.</summary>
[Trait("guarantees", "S-32")]
public sealed class FailedUnitsTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Netns = "vpn-confinement-netns@media.service";
    private const string Route = "vpn-confinement-host-route-media.service";

    public void Dispose() => host.Reset();

    [Theory]
    [InlineData(Netns, "echo broken > /var/lib/vpn-confinement/namespaces/media/plan.json")]
    [InlineData(Laboratory.TunnelUnit, "rm /var/lib/vpn-confinement/secrets/wg0.key")]
    public void What_failed_while_a_service_started_can_start_again(string unit, string damage)
    {
        host.Product("apply").OrThrow();
        host.Shell(damage).OrThrow();
        Assert.False(host.Shell("systemctl start downloader").Succeeded);
        Assert.Contains(unit, Failed(), StringComparison.Ordinal);
        host.Product("apply").OrThrow();
        Assert.Equal("", Failed());
        Assert.Equal(0, host.Product("status").ExitCode);
        host.Shell("systemctl start downloader").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
    }

    [Fact]
    public void What_failed_to_make_the_route_at_boot_has_not_failed_once_the_route_is_there()
    {
        host.Product("apply").OrThrow();
        host.Shell("ip route flush type unreachable").OrThrow();
        host.Shell(
            $"mkdir -p /run/systemd/system/{Route}.d; "
            + $"printf '[Service]\\nExecStartPre=/bin/false\\n' > /run/systemd/system/{Route}.d/no.conf; "
            + $"systemctl daemon-reload; systemctl start {Route}; "
            + $"rm -r /run/systemd/system/{Route}.d; systemctl daemon-reload").OrThrow();
        Assert.Contains(Route, Failed(), StringComparison.Ordinal);
        host.Product("apply").OrThrow();
        Assert.Equal("", Failed());
    }

    // Services wait for it, which the repair that fails goes on for.
    [Fact]
    public void A_tunnel_that_services_wait_for_is_started()
    {
        const string Key = "/var/lib/vpn-confinement/secrets/wg0.key";
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.Shell($"rm {Key}; ip -n media link delete wg0").OrThrow();
        host.Laboratory.Machine.RequireUnit(Laboratory.TunnelUnit, "failed");
        var applied = host.Product("apply").OrThrow();
        Assert.Contains(
            $"starting {Laboratory.TunnelUnit}, downloader.service", applied.Error, StringComparison.Ordinal);
        host.Laboratory.Machine.RequireUnit("downloader.service", "active");
        Assert.Equal($"{Addresses.Provider}", $"{host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        Assert.Equal("", Failed());
        host.WaitForStatus();
    }

    private string Failed() => host.Shell(
        "systemctl list-units --failed --plain --no-legend 'vpn-confinement-*' 'wireguard-*'").OrThrow().Output;
}
