namespace VpnConfinement.E2e.Tests;

/// <summary>What is told of a host that others changed: never that it is better than it is.</summary>
[Trait("guarantees", "S-11")]
[Collection("lab")]
public sealed class StatusTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string State = "/var/lib/vpn-confinement";

    public void Dispose() => host.Reset();

    [Fact]
    public void The_hosts_side_of_the_host_link_is_looked_at()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.StopWatching();
        host.Shell("nft flush ruleset").OrThrow();
        var status = host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains("on the host is not the one that was loaded", status.Output, StringComparison.Ordinal);
        host.Product("apply").OrThrow();
        Assert.Equal(0, host.Product("status").ExitCode);
    }

    [Fact]
    public void A_masked_unit_of_ours_is_called_masked()
    {
        host.Shell("systemctl mask vpn-confinement-watch@media.service").OrThrow();
        var result = host.Product("apply");
        host.Shell("systemctl unmask vpn-confinement-watch@media.service").OrThrow();
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("'systemctl unmask vpn-confinement-watch@media.service'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_manifest_is_not_taken_for_nothing_applied()
    {
        host.Product("apply").OrThrow();
        host.Shell($"mv {State} /root/state").OrThrow();
        foreach (var command in (string[])["status", "remove"])
        {
            var result = host.Product(command);
            Assert.Equal(3, result.ExitCode);
            Assert.Contains("what was applied is not known", result.Error, StringComparison.Ordinal);
        }

        host.Product("apply").OrThrow();
        Assert.Equal(0, host.Product("status").ExitCode);
        host.Shell("rm -r /root/state").OrThrow();
    }

    [Fact]
    public void A_service_outside_is_not_said_to_be_cut_off()
    {
        host.Product("apply").OrThrow();
        host.Shell("cd /etc/systemd/system; rm -r downloader.service.d downloader.service.requires; systemctl daemon-reload; systemctl start downloader").OrThrow();
        var status = host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains("outside its namespace", status.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing leaves", status.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("take the line that undoes it out", status.Output, StringComparison.Ordinal);
        host.Product("apply").OrThrow();
    }
}
