using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>Two namespaces side by side, a default one, and what a change of the one does to the other.</summary>
public sealed class NamespacesTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Sleeper = "[Service]\nDynamicUser=yes\nExecStart=/bin/sleep infinity\n";

    private readonly BadHostFixture _host;
    private readonly string _config;

    public NamespacesTests(BadHostFixture host)
    {
        _host = host;
        var key = Convert.ToBase64String(new byte[31].Append((byte)9).ToArray());
        _config = "defaultNamespace = \"second\"\n" + host.Config + $$"""
            [namespaces.second]
            wireguard.interface = "wg1"
            dns.servers = ["10.65.0.1"]

            [wireguard.interfaces.wg1]
            ips = ["10.65.0.2/32"]
            privateKeyFile = "/etc/wireguard/second.key"
            peers = [ { publicKey = "{{key}}", endpoint = "203.0.113.10:51999", allowedIPs = ["0.0.0.0/0"] } ]

            [services.other.vpn]

            """;
        host.Write("/etc/systemd/system/other.service", Sleeper);
        host.Write("/etc/systemd/system/late.service", Sleeper);
        host.Shell("umask 077; wg genkey > /etc/wireguard/second.key; systemctl daemon-reload").OrThrow();
        host.Write(Laboratory.ConfigFile, _config);
        host.Product("apply", "--no-wait").OrThrow();
        host.Shell("systemctl start downloader other").OrThrow();
    }

    public void Dispose()
    {
        _host.Reset();
        _host.Shell("systemctl stop other late; true").OrThrow();
    }

    [Fact]
    public void Each_service_is_in_its_own_namespace()
    {
        Assert.Equal(0, _host.Product("status").ExitCode);
        Assert.Equal(Netns("second"), NetnsOf("other.service"));
        Assert.Equal(Netns("media"), NetnsOf("downloader.service"));
        Assert.NotEqual(Netns("media"), Netns("second"));
        Assert.True(_host.Exists("/run/vpn-confinement/second.env"));
    }

    [Fact]
    public void A_change_of_one_leaves_the_other_running()
    {
        var pid = MainPid("other.service");
        var changed = MainPid("downloader.service");
        _host.Write(Laboratory.ConfigFile, _config.Replace("[9091]", $"[9093]\ndns.servers = [\"{Addresses.PinnedResolver}\", \"10.64.0.99\"]", StringComparison.Ordinal));
        _host.Product("apply", "--no-wait").OrThrow();
        Assert.Equal(pid, MainPid("other.service"));
        Assert.NotEqual(changed, MainPid("downloader.service"));
        Assert.Equal(0, _host.Product("status").ExitCode);
    }

    [Fact]
    public void A_service_that_joins_or_leaves_disturbs_none_of_the_others()
    {
        var (pid, netns) = (MainPid("other.service"), Netns("second"));
        _host.Shell("systemctl start late").OrThrow();
        _host.Write(Laboratory.ConfigFile, _config + "[services.late.vpn]\n");
        _host.Product("apply", "--no-wait").OrThrow();
        Assert.Equal(pid, MainPid("other.service"));
        Assert.Equal(netns, NetnsOf("late.service"));
        _host.Write(Laboratory.ConfigFile, _config);
        _host.Product("apply", "--allow-unconfine", "--no-wait").OrThrow();
        Assert.Equal(pid, MainPid("other.service"));
        Assert.Equal("inactive", _host.Laboratory.Machine.UnitState("late.service"));
        Assert.Equal(0, _host.Product("status").ExitCode);
    }

    [Fact]
    public void A_namespace_that_leaves_takes_only_its_own_with_it()
    {
        var pid = MainPid("downloader.service");
        _host.Write(Laboratory.ConfigFile, _host.Config);
        _host.Product("apply", "--allow-unconfine", "--no-wait").OrThrow();
        Assert.Equal(pid, MainPid("downloader.service"));
        Assert.False(_host.Exists("/run/netns/second"));
        Assert.False(_host.Exists("/etc/systemd/system/wireguard-wg1.service"));
    }

    [Fact]
    public void Other_units_read_the_addresses_from_the_environment_file_which_goes_with_the_namespace()
    {
        _host.Write("/etc/systemd/system/reader.service", """
            [Unit]
            Requires=vpn-confinement-netns@media.service
            After=vpn-confinement-netns@media.service
            [Service]
            Type=oneshot
            EnvironmentFile=/run/vpn-confinement/media.env
            ExecStart=/bin/sh -c 'echo "$VPN_NAMESPACE $VPN_INTERFACE $VPN_HOSTLINK_SUBNET $VPN_HOSTLINK_HOST_ADDRESS $VPN_HOSTLINK_NS_ADDRESS" > /root/read'

            """);
        _host.Shell("systemctl daemon-reload; systemctl start reader").OrThrow();
        var show = _host.Product("show", "--json").OrThrow().Output;
        using var json = System.Text.Json.JsonDocument.Parse(show);
        var link = json.RootElement.GetProperty("namespaces").GetProperty("media").GetProperty("derived").GetProperty("hostLink");
        Assert.Equal(
            $"media wg0 {link.GetProperty("subnetIPv4")} {link.GetProperty("hostAddressIPv4")} {link.GetProperty("nsAddressIPv4")}\n",
            _host.Read("/root/read"));
        Assert.DoesNotContain("HOSTLINK", _host.Read("/run/vpn-confinement/second.env"), StringComparison.Ordinal);
        _host.Shell("systemctl stop downloader").OrThrow();
        _host.Laboratory.Machine.RequireUnit("vpn-confinement-netns@media.service", "inactive");
        Assert.False(_host.Exists("/run/vpn-confinement/media.env"));
    }

    private string MainPid(string unit) => _host.Shell($"systemctl show -p MainPID --value {unit}").OrThrow().Output.Trim();

    private string NetnsOf(string unit) => _host.Shell($"stat -L -c %i /proc/{MainPid(unit)}/ns/net").OrThrow().Output.Trim();

    private string Netns(string ns) => _host.Shell($"stat -L -c %i /run/netns/{ns}").OrThrow().Output.Trim();
}
