using System.Text.Json;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>What is told of a host that others changed: never that it is better than it is.</summary>
[Trait("guarantees", "S-11 S-32 S-39")]
public sealed class StatusTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string State = "/var/lib/vpn-confinement";

    public void Dispose()
    {
        host.Shell("[ ! -e /run/left ] || kill -KILL $(cat /run/left); rm -f /run/left").OrThrow();
        host.Reset();
    }

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

    // As between the end of wireguard-go and that of its unit, or after a start that was refused.
    [Fact]
    public void A_tunnel_that_is_gone_and_that_no_unit_needs_is_idle()
    {
        const string Record = "/run/vpn-confinement/media.wireguard";
        const string Netns = "vpn-confinement-netns@media.service";
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.Shell($"systemd-run --quiet --unit=holder -p Requires={Netns} -p After={Netns} sleep 600").OrThrow();
        host.Shell($"cp {Record} /run/kept && systemctl stop downloader").OrThrow();
        host.Laboratory.Machine.RequireUnit(Laboratory.TunnelUnit, "inactive");
        host.Shell($"mv /run/kept {Record}").OrThrow();
        var status = host.Product("status", "--json");
        Assert.Contains("the link wg0 is gone, and no unit needs the tunnel", status.Output, StringComparison.Ordinal);
        Assert.Equal(0, status.ExitCode);
        Assert.StartsWith("· media", host.Product("status").OrThrow().Output, StringComparison.Ordinal);
        host.Shell("systemctl start downloader").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        host.WaitForStatus();
        host.Shell("systemctl stop holder").OrThrow();
    }

    [Fact]
    public void A_namespace_that_comes_up_or_goes_down_is_never_called_damaged()
    {
        host.Product("apply").OrThrow();
        var wrong = new List<string>();
        for (var round = 0; round < 10; round++)
        {
            foreach (var verb in (string[])["start", "stop"])
            {
                host.Shell($"systemctl {verb} --no-block downloader").OrThrow();
                do
                {
                    var health = JsonDocument.Parse(host.Product("status", "--json").Output).RootElement.GetProperty("health");
                    wrong.AddRange(health.EnumerateArray().Where(h => h.GetProperty("kind").GetString() == "namespace")
                        .Where(h => h.GetProperty("state").GetString() is not ("working" or "idle" or "waiting")).Select(h => $"{verb}: {h}"));
                }
                while (host.Shell("systemctl list-jobs --no-legend").Output.Length > 0);
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
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

    // A service that was down when it became confined left a child behind; then its unit is taken away.
    [Theory]
    [InlineData("true", "inactive")]
    [InlineData("mv /etc/systemd/system/leaves.service /root/", "not-found")]
    [InlineData("mv /etc/systemd/system/leaves.service /root/; systemctl mask leaves", "masked")]
    public void A_process_outside_is_told_whatever_became_of_its_unit(string change, string state)
    {
        LeaveBehind("leaves", "systemctl stop leaves");
        host.Shell($"{change}; systemctl daemon-reload").OrThrow();
        var status = host.Product("status");
        Assert.Contains($"leaves.service  {state}, 1 process", status.Output, StringComparison.Ordinal);
        Assert.Contains("of leaves.service is outside its namespace", status.Output, StringComparison.Ordinal);
        Assert.Equal(4, status.ExitCode);
    }

    [Theory]
    [InlineData("systemctl stop leaves@x")]
    [InlineData("systemctl kill --signal=KILL --kill-who=main leaves@x")]
    public void A_process_outside_of_an_instance_that_is_down_is_told(string end)
    {
        LeaveBehind("leaves@", end);
        var status = host.Product("status");
        Assert.Contains("of leaves@x.service is outside its namespace", status.Output, StringComparison.Ordinal);
        Assert.Equal(4, status.ExitCode);
    }

    private void LeaveBehind(string name, string end)
    {
        var (unit, service) = ($"/etc/systemd/system/{name}.service", name.EndsWith('@') ? name + "x" : name);
        host.Write(
            unit,
            "[Service]\nType=exec\nKillMode=process\n"
            + "ExecStart=/bin/sh -c 'sleep 1000 & echo $$! > /run/left; exec sleep 1000'\n");
        host.Shell($"systemctl daemon-reload; systemctl start {service}").OrThrow();
        host.Shell($"while [ ! -s /run/left ]; do sleep 0.1; done; {end}").OrThrow();
        Eventually.See(
            $"{service} is down", () => host.Laboratory.Machine.UnitState(service),
            state => state is "inactive" or "failed");
        host.Write(Laboratory.ConfigFile, host.Config + $"\n[services.\"{name}\".vpn]\nnamespace = \"media\"\n");

        // It is applied, and what is outside is told.
        var applied = host.Product("apply");
        Assert.True(applied.ExitCode == 4, applied.Summary);
        Assert.Contains("is outside its namespace", applied.Error, StringComparison.Ordinal);
    }
}
