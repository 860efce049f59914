using System.Text.Json;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>What <c>doctor</c> says where nothing is applied, and one thing is missing or written wrong.</summary>
public sealed class DoctorPlantTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string OwnConfig = "/root/planted.toml";
    private const string OfDhcpcd = "/usr/sbin/dhcpcd /etc/dhcpcd.conf";

    // What it prints of an old systemd, and hands on else.
    private const string OldSystemctl =
        """
        cp /usr/bin/systemctl /root/real
        echo '#!/bin/sh' >/root/old
        echo '[ "$1" != --version ] || exec echo "systemd 247 (247.3) -BPF_FRAMEWORK"' >>/root/old
        echo 'exec /root/real "$@"' >>/root/old
        chmod 755 /root/old
        mount --bind /root/old /usr/bin/systemctl
        """;

    public void Dispose()
    {
        host.Shell($"rm -f {OwnConfig} /root/real /root/old /root/few /root/report.txt; {Unplant(OfDhcpcd)}").OrThrow();
        host.Reset();
    }

    // In a mount namespace of its own, where something else is found than on the machine.
    [Theory]
    [Trait("finding", "systemd-too-old")]
    [Trait("finding", "no-unified-cgroups")]
    [Trait("finding", "no-nftables")]
    [Trait("finding", "inotify-instances-low")]
    [Trait("finding", "clock-behind")]
    [Trait("finding", "cannot-tell")]
    [InlineData("systemd-too-old", 4, OldSystemctl)]
    [InlineData("no-unified-cgroups", 4, "mount -t tmpfs none /sys/fs/cgroup")]
    [InlineData("no-nftables", 4, "mount --bind /dev/null $(readlink -f /usr/lib/*/libnftables.so.1)")]
    [InlineData(
        "inotify-instances-low", 4,
        "echo 1 >/root/few; mount --bind /root/few /proc/sys/fs/inotify/max_user_instances")]
    [InlineData(
        "clock-behind", 4,
        "mount -t tmpfs none /var/lib/systemd; mkdir /var/lib/systemd/timesync; "
        + "touch -d '+40 days' /var/lib/systemd/timesync/clock")]
    [InlineData("cannot-tell", 5, "mount -t tmpfs none /proc/sys/fs/inotify")]
    public void What_a_host_lacks_is_found(string code, int status, string plant) =>
        Assert.Contains(code, Codes(status, Planted($"{plant}\nexec {Laboratory.Product} doctor --json")));

    [Fact]
    [Trait("finding", "no-wireguard")]
    public void A_host_without_any_wireguard_is_found()
    {
        var result = Planted(
            "for p in /usr/bin/wireguard-go /usr/sbin/wireguard-go /usr/local/bin/wireguard-go; do "
            + $"[ ! -e $p ] || mount --bind /dev/null $p; done\nexec {Laboratory.Product} doctor --json");
        Assert.Equal(
            LabHost.HasKernelWireGuard ? [] : ["no-wireguard"], Codes(LabHost.HasKernelWireGuard ? 0 : 4, result));
    }

    [Theory]
    [Trait("finding", "configuration-refused")]
    [Trait("finding", "link-name-claimed")]
    [Trait("finding", "key-file-missing")]
    [InlineData(
        "configuration-refused", "[namespaces.media]\nwireguard.configFle = \"/etc/wireguard/provider.conf\"\n")]
    [InlineData(
        "link-name-claimed",
        "[namespaces.media]\nwireguard.configFile = \"/etc/wireguard/provider.conf\"\n"
        + "hostLink = { enable = true, hostIf = \"ve-media\" }\n")]
    [InlineData(
        "key-file-missing",
        "[namespaces.media]\ndns.servers = [\"10.64.0.1\"]\n[wireguard.interfaces.wg0]\nips = [\"10.64.0.2/32\"]\n"
        + "privateKeyFile = \"/etc/wireguard/none.key\"\n"
        + "peers = [{ publicKey = \"PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=\", "
        + "endpoint = \"203.0.113.10:51820\", allowedIPs = [\"0.0.0.0/0\"] }]\n")]
    public void What_is_written_wrong_is_found(string code, string config)
    {
        host.Write(OwnConfig, config);
        Assert.Equal([code], Codes(4, host.Product("doctor", "--json", "--config", OwnConfig)));
    }

    [Fact]
    [Trait("finding", "control-not-enforced")]
    public void A_control_that_this_systemd_does_not_enforce_is_found()
    {
        var enforces = host.Shell("systemctl --version").OrThrow().Output
            .Contains("+BPF_FRAMEWORK", StringComparison.Ordinal);
        host.Write(OwnConfig, host.Config + "restrictBind = true\n");
        Assert.Equal(
            enforces ? [] : ["control-not-enforced"],
            Codes(enforces ? 0 : 4, host.Product("doctor", "--json", "--config", OwnConfig)));
    }

    [Fact]
    [Trait("finding", "daemon-takes-link")]
    public void A_network_daemon_that_is_not_told_is_found()
    {
        host.Shell($"for f in {OfDhcpcd}; do [ -e $f ] || {{ echo '# planted' >$f; chmod 755 $f; }}; done").OrThrow();
        Assert.Equal(["daemon-takes-link"], Codes(4, host.Product("doctor", "--json")));
    }

    [Fact]
    [Trait("finding", "wg-quick-same-file")]
    public void A_unit_of_wg_quick_with_the_same_file_is_found()
    {
        host.Shell(
            "mkdir -p /etc/systemd/system/multi-user.target.wants && ln -s /dev/null "
            + "/etc/systemd/system/multi-user.target.wants/wg-quick@provider.service").OrThrow();
        Assert.Equal(["wg-quick-same-file"], Codes(4, host.Product("doctor", "--json")));
    }

    [Fact]
    [Trait("finding", "ruleset-flushed")]
    public void A_service_that_deletes_all_tables_is_found()
    {
        // That of the distribution would do so.
        host.Write(
            "/etc/systemd/system/nftables.service",
            "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n");
        host.Shell("systemctl daemon-reload && systemctl start nftables.service").OrThrow();
        Assert.Equal(["ruleset-flushed"], Codes(0, host.Product("doctor", "--json")));
    }

    [Theory]
    [InlineData(
        "[namespaces.verysecret]\nwireguard.configFile = \"/home/hidden\"\ndefaultNamespace = \"privatname\"\n")]
    [InlineData("[namespaces.verysecret\n")]
    [InlineData(
        "defaultNamespace = \"privatname\"\n[namespaces.verysecret]\n"
        + "wireguard.configFile = \"/etc/wireguard/provider.conf\"\n")]
    [InlineData(
        "[namespaces.verysecret]\ndns.servers = [\"privatname\"]\n[wireguard.interfaces.wg0]\n"
        + "ips = [\"10.64.0.2/32\"]\nprivateKeyFile = \"/etc/wireguard/hidden.key\"\npeers = [{ publicKey = "
        + "\"PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=\", endpoint = \"vpn.hidden.x:51820\", "
        + "allowedIPs = [\"0.0.0.0/0\"] }]\n")]
    [InlineData(
        "[namespaces.verysecret]\nwireguard.configFile = \"/etc/wireguard/provider.conf\"\n"
        + "[services.privatname.vpn]\nnamespace = \"hidden\"\n")]
    public void A_report_of_a_refused_configuration_has_none_of_its_names(string config)
    {
        host.Write(OwnConfig, config);
        var said = host.Product("doctor", "--config", OwnConfig, "--report", "/root/report.txt");
        Assert.Equal(4, said.ExitCode);
        Assert.Contains("configuration-refused", said.Output, StringComparison.Ordinal);
        var report = host.Read("/root/report.txt");
        Assert.Contains("configuration-refused", report, StringComparison.Ordinal);
        Assert.All(
            (string[])["verysecret", "hidden", "privatname", "planted", "/etc/wireguard/", $"{Addresses.Provider}"],
            name => Assert.DoesNotContain(name, report, StringComparison.Ordinal));
    }

    private static string Unplant(string files) =>
        $"for f in {files}; do ! grep -qs '^# planted' $f || rm $f; done";

    private CommandResult Planted(string script) =>
        host.Laboratory.Machine.Run("unshare", "--mount", "/bin/sh", "-ec", script);

    private static List<string> Codes(int status, CommandResult result)
    {
        Assert.True(result.ExitCode == status, $"{result.ExitCode}: {result.Output}{result.Error}");
        using var json = JsonDocument.Parse(result.Output);
        return [.. json.RootElement.GetProperty("findings").EnumerateArray()
            .Select(f => f.GetProperty("code").GetString()!)];
    }
}
