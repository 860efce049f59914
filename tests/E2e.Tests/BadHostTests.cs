using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>A host on which something is missing, in the way or damaged: a clear message, nothing half done, never an unconfined start.</summary>
[Trait("guarantees", "S-9 S-12")]
public sealed partial class BadHostTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string State = "/var/lib/vpn-confinement";
    // timeout(1) kills itself as well, and may be gone before the kernel has taken the lock from the other.
    private const string KilledIsGone = "[ ! -e /run/vpn-confinement/locks/apply ] || flock -w 20 /run/vpn-confinement/locks/apply true";

    private const string KeyCopy = State + "/secrets/wg0.key";
    private const string TunnelUnitFile = "/etc/systemd/system/wireguard-wg0.service";

    public void Dispose() => host.Reset();

    [Fact]
    public void A_missing_key_file_is_found_before_anything_is_changed()
    {
        host.Write(Laboratory.ConfigFile, $$"""
            [namespaces.media]
            dns.servers = ["10.64.0.1"]
            [wireguard.interfaces.wg0]
            ips = ["10.64.0.2/32"]
            privateKeyFile = "/etc/wireguard/not-there.key"
            peers = [ { publicKey = "{{Convert.ToBase64String(new byte[32])}}", endpoint = "203.0.113.10:51820", allowedIPs = ["0.0.0.0/0"] } ]
            [services.downloader.vpn]
            namespace = "media"
            """);
        RefusedUnchanged(host.Product("apply"), "/etc/wireguard/not-there.key");
    }

    [Fact]
    public void No_nftables()
    {
        var library = host.Shell("ls /usr/lib/*/libnftables.so.1 /usr/lib64/libnftables.so.1 2>/dev/null").Output.Trim();
        host.Shell($"mv {library} {library}.away").OrThrow();
        try
        {
            RefusedUnchanged(host.Product("apply"), "install package nftables");
        }
        finally
        {
            host.Shell($"mv {library}.away {library}").OrThrow();
        }
    }

    [Fact]
    public void No_WireGuard_of_any_kind()
    {
        // "userspace", so that a kernel with WireGuard does not help out.
        host.Write(Laboratory.ConfigFile, host.Config.Replace("publishToHost", "wireguard.implementation = \"userspace\"\npublishToHost", StringComparison.Ordinal));
        host.Shell("mv /usr/bin/wireguard-go /usr/bin/wireguard-go.away").OrThrow();
        try
        {
            RefusedUnchanged(host.Product("apply"), "install the package wireguard-go");
        }
        finally
        {
            host.Shell("mv /usr/bin/wireguard-go.away /usr/bin/wireguard-go").OrThrow();
        }
    }

    [Fact]
    public void A_systemd_that_is_too_old()
    {
        host.Write("/root/systemctl", "#!/bin/sh\necho 'systemd 247 (247.3-7)'\n");
        host.Shell("chmod 755 /root/systemctl && mount --bind /root/systemctl /usr/bin/systemctl").OrThrow();
        try
        {
            var result = host.Product("apply");
            Assert.Equal(3, result.ExitCode);
            Assert.Contains("systemd 247 is too old: 249", result.Error, StringComparison.Ordinal);
        }
        finally
        {
            host.Shell("umount /usr/bin/systemctl").OrThrow();
        }

        Assert.False(host.Exists(State));
    }

    [Fact]
    public void A_unit_of_that_name_that_is_not_ours_is_left_alone()
    {
        host.Write(TunnelUnitFile, "[Service]\nExecStart=/bin/true\n");
        var result = host.Product("apply");
        var after = host.Read(TunnelUnitFile);
        host.Shell($"rm {TunnelUnitFile}").OrThrow();
        RefusedUnchanged(result, "was not made by vpn-confinement");
        Assert.Equal("[Service]\nExecStart=/bin/true\n", after);
    }

    [Fact]
    public void An_emptied_configuration_changes_nothing()
    {
        host.Product("apply").OrThrow();
        host.Write(Laboratory.ConfigFile, "");
        Assert.Equal(1, host.Product("apply").ExitCode);
        Assert.True(host.Exists(TunnelUnitFile));
    }

    [Fact]
    public void Applied_twice_there_is_nothing_to_do()
    {
        host.Product("apply").OrThrow();
        var again = host.Product("apply").OrThrow();
        Assert.Contains("nothing to do", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_running_service_is_stopped_and_started_inside()
    {
        host.Shell("systemctl start downloader").OrThrow();
        host.Product("apply").OrThrow();
        Assert.Equal("active", host.Laboratory.Machine.UnitState("downloader.service"));
        Assert.Equal(0, host.Product("status").ExitCode);
    }

    [Fact]
    public void A_namespace_of_somebody_else_is_refused_and_left_alone()
    {
        host.Product("apply").OrThrow();
        host.Shell("ip netns add media").OrThrow();
        Assert.False(host.Shell("systemctl start downloader").Succeeded);
        Assert.NotEqual("active", host.Laboratory.Machine.UnitState("downloader.service"));
        Assert.True(host.Exists("/run/netns/media"));
        Assert.Contains("did not make", host.Shell("journalctl -q -u vpn-confinement-netns@media").Output, StringComparison.Ordinal);
        host.Shell("ip netns delete media && systemctl start downloader").OrThrow();

        // The start of the watcher for the foreign namespace may still be under way, and ends with nothing to watch.
        host.WaitForStatus();
    }

    [Theory]
    [InlineData("rm /run/vpn-confinement/media.netns")]
    [InlineData("rm -r /run/vpn-confinement")]
    public void A_namespace_that_is_not_known_as_ours_any_more_is_never_called_whole(string damage)
    {
        host.Product("apply").OrThrow();
        host.Shell($"systemctl start downloader; {damage}").OrThrow();
        Assert.Equal(4, host.Product("status").ExitCode);
        var refused = host.Product("apply");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("did not make", refused.Error, StringComparison.Ordinal);
        host.Shell("ip netns delete media").OrThrow();
        host.Product("apply").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        Assert.Equal(0, host.Product("status").ExitCode);
    }

    [Fact]
    public void Without_the_manifest_nothing_is_known_and_the_next_apply_repairs()
    {
        host.Product("apply").OrThrow();
        host.Shell($"systemctl start downloader; rm {State}/manifest.json").OrThrow();
        var status = host.Product("status");
        Assert.Equal(3, status.ExitCode);
        Assert.Contains("what was applied is not known", status.Error, StringComparison.Ordinal);
        Assert.False(host.Shell("systemctl restart downloader").Succeeded);

        // The namespace may still be there without its tunnel, which no unit needs just then.
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        Assert.Equal(0, host.Product("status").ExitCode);
        host.Product("remove", "--allow-unconfine").OrThrow();
        Assert.Equal(0, host.Product("status").ExitCode);
    }

    [Theory]
    [InlineData("rm " + KeyCopy)]
    [InlineData("truncate -s 10 " + KeyCopy)]
    [InlineData("truncate -s 100 " + State + "/namespaces/media/ruleset.nft")]
    [InlineData("truncate -s 100 " + State + "/namespaces/media/plan.json")]
    [InlineData("rm " + State + "/namespaces/media/plan.json")]
    [InlineData("rm " + State + "/namespaces/media/resolv.conf")]
    [InlineData("rm " + TunnelUnitFile + "; systemctl daemon-reload")]
    public void Damaged_state_blocks_and_the_next_apply_repairs(string damage)
    {
        host.Product("apply").OrThrow();
        host.Shell(damage).OrThrow();
        Assert.False(host.Shell("systemctl start downloader").Succeeded);
        Assert.Empty(host.Laboratory.Machine.ProcessesOf("downloader.service"));

        // What failed over it has failed still, until it is started again.
        host.Product("apply", "--no-wait").OrThrow();
        host.Shell("systemctl reset-failed; systemctl start downloader").OrThrow();
        Assert.Equal(0, host.Product("status").ExitCode);
    }

    [Fact]
    public void An_alias_is_refused_by_its_own_name()
    {
        host.Shell("ln -s downloader.service /etc/systemd/system/nick.service").OrThrow();
        host.Write(Laboratory.ConfigFile, host.Config.Replace("services.downloader", "services.nick", StringComparison.Ordinal));
        var result = host.Product("apply");
        host.Shell("rm /etc/systemd/system/nick.service").OrThrow();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("[services.\"downloader.service\".vpn]", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_instance_that_undoes_its_templates_attachment_is_refused()
    {
        const string Folder = "/etc/systemd/system/tpl@late.service.d";
        host.Write("/etc/systemd/system/tpl@.service", "[Service]\nDynamicUser=yes\nExecStart=/bin/sleep 60\n");
        host.Shell($"mkdir -p {Folder}").OrThrow();
        host.Write(Folder + "/zzzzz.conf", "[Service]\nNetworkNamespacePath=\n");
        host.Write(Laboratory.ConfigFile, host.Config + "\n[services.\"tpl@\".vpn]\nnamespace = \"media\"\n");
        var refused = host.Product("apply");
        host.Shell($"rm -r {Folder}").OrThrow();
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("tpl@late.service", refused.Error, StringComparison.Ordinal);
        host.Product("apply").OrThrow();
        host.Shell("systemctl start tpl@one tpl@two").OrThrow();
        var status = host.Product("status").OrThrow().Output;
        Assert.Contains("tpl@one.service", status, StringComparison.Ordinal);
        host.Shell("systemctl stop wireguard-wg0; systemctl start wireguard-wg0").OrThrow();
        host.Laboratory.Machine.RequireUnit("tpl@two.service", "active");
        host.Shell("systemctl stop 'tpl@*'").OrThrow();
    }

    [Fact]
    public void A_host_link_never_touches_a_link_of_the_host()
    {
        host.Write(Laboratory.ConfigFile, host.Config.Replace("publishToHost", "hostLink.hostIf = \"uplink0\"\npublishToHost", StringComparison.Ordinal));
        host.Product("apply").OrThrow();
        host.Shell("nft monitor > /root/monitor 2>&1 < /dev/null & echo $! > /root/monitor.pid").OrThrow();
        Eventually.Holds("the monitor tells of a table", () =>
        {
            host.Shell("nft 'add table inet probe; delete table inet probe'").OrThrow();
            return host.Read("/root/monitor").Contains("probe", StringComparison.Ordinal);
        });
        Assert.False(host.Shell("systemctl start downloader").Succeeded);
        host.Shell("kill $(cat /root/monitor.pid)").OrThrow();
        Assert.DoesNotContain("uplink0", host.Read("/root/monitor"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_leaves_the_configuration_has_to_be_named()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.Write(Laboratory.ConfigFile, host.Config[..host.Config.IndexOf("[services", StringComparison.Ordinal)]);
        var refused = host.Product("apply");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("downloader.service", refused.Error, StringComparison.Ordinal);
        var status = host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains("was changed and not applied", status.Output, StringComparison.Ordinal);
        Assert.Equal("active", host.Laboratory.Machine.UnitState("downloader.service"));
        host.Product("apply", "--allow-unconfine").OrThrow();
        Assert.Equal("inactive", host.Laboratory.Machine.UnitState("downloader.service"));
    }

    [Fact]
    public void A_later_drop_in_that_undoes_the_attachment_is_seen()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.Write("/etc/systemd/system/downloader.service.d/zzzzz.conf", "[Service]\nNetworkNamespacePath=\n");
        host.Shell("systemctl daemon-reload").OrThrow();
        var status = host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains("downloader.service is not confined as it was applied", status.Output, StringComparison.Ordinal);
        Assert.False(host.Shell("systemctl restart downloader").Succeeded);
        Assert.Equal(3, host.Product("apply").ExitCode);
        host.Shell("rm /etc/systemd/system/downloader.service.d/zzzzz.conf").OrThrow();
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        Assert.Equal(0, host.Product("status").ExitCode);
    }

    [Fact]
    public void A_changed_configuration_reaches_a_running_service()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.Write(Laboratory.ConfigFile, host.Config.Replace("[9091]", "[9091, 9092]", StringComparison.Ordinal));
        host.Product("apply").OrThrow();
        Assert.Equal("active", host.Laboratory.Machine.UnitState("downloader.service"));
        Assert.Contains("9092", host.Shell("nsenter --net=/run/netns/media nft list ruleset").OrThrow().Output, StringComparison.Ordinal);
        host.Write(Laboratory.ConfigFile, host.Config.Replace("publishToHost", "#", StringComparison.Ordinal));
        host.Product("apply").OrThrow();
        Assert.DoesNotContain("vh-", host.Shell("ip -o link; nft list ruleset").OrThrow().Output, StringComparison.Ordinal);
        Assert.Equal(0, host.Product("status").ExitCode);
    }

    [Fact]
    public void The_key_is_in_one_file_and_nowhere_else()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        var key = host.Read(KeyCopy).Trim();
        Assert.Equal("600 root", host.Shell($"stat -c '%a %U' {KeyCopy}").OrThrow().Output.Trim());
        var files = host.Shell($"grep -rlF '{key}' /etc/systemd /var/lib/vpn-confinement /run/vpn-confinement /run/systemd /var/log 2>/dev/null").Output.Trim();
        Assert.Equal(KeyCopy, files);
        var hex = Convert.ToHexStringLower(Convert.FromBase64String(key));
        Assert.DoesNotContain(key, host.Shell("journalctl -q --no-pager; cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' ' '").Output, StringComparison.Ordinal);
        Assert.DoesNotContain(hex, host.Shell("journalctl -q --no-pager; cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Remove_with_nothing_applied_is_fine() => Assert.Equal(0, host.Product("remove").ExitCode);

    private void RefusedUnchanged(CommandResult result, string message)
    {
        Assert.Equal(3, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.False(host.Exists(State));
        Assert.False(host.Exists(TunnelUnitFile));
        Assert.False(host.Exists("/etc/systemd/system/downloader.service.d"));
    }
}
