using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>What somebody changed of a device, its keys or the kernel's settings is named by 'plan' and 'status', and 'apply' repairs it.</summary>
[Trait("guarantees", "S-32")]
public sealed class DriftTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Inside = "nsenter --net=/run/netns/media -- ";
    private static readonly string Device = LabHost.ShellDevice(Laboratory.Namespace, "wg0");

    public static TheoryData<string, string> Changes { get; } = new()
    {
        { Device + "wg genkey > /run/other.key; wg set $n private-key /run/other.key", "the link wg0 has another private key than its key file" },
        { Device + "wg genkey > /run/other.key; wg set $n peer $(wg show $n peers) preshared-key /run/other.key", "the link wg0 has another preshared key than was applied for the peer " },
        { Device + "wg set $n fwmark 0", "the link wg0 has another firewall mark than was applied" },
        { Device + "wg set $n listen-port 51777", "the link wg0 has another listen port than was applied" },
        { Device + "wg set $n peer $(wg show $n peers) persistent-keepalive 7", "the link wg0 has another persistent keepalive than was applied" },
        { Device + "wg set $n peer $(wg show $n peers) endpoint 192.0.2.99:51820", "the link wg0 sends to another endpoint than the pinned one" },
        { Inside + "ip link set wg0 mtu 1300", "the link wg0 has another MTU than was applied" },
        { Inside + "sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'", "the kernel setting ipv4/ip_forward in namespace media is not as it was brought up" },
        { Inside + "sh -c 'echo 0 > /proc/sys/net/ipv6/conf/wg0/disable_ipv6'", "the kernel setting ipv6/conf/wg0/disable_ipv6 in namespace media is not as it was brought up" },
        { "for l in /proc/sys/net/ipv4/conf/vh-*; do echo 1 > $l/forwarding; done", "/forwarding on the host is not as it was brought up" },
    };

    public void Dispose()
    {
        host.Write(Laboratory.ProviderFile, host.Laboratory.World.Provider.CustomerFile);
        host.Reset();
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void What_somebody_changed_of_a_tunnel_is_named_and_repaired_by_apply(string change, string said)
    {
        Start();
        host.Shell(change).OrThrow();
        host.RequireNamed(said);
        Assert.Contains("repairing: ", host.Product("apply").OrThrow().Error, StringComparison.Ordinal);
        host.RequireWhole();
    }

    // It is for somebody to say what becomes of the other one.
    [Fact]
    [Trait("damage", "netns: altered")]
    public void Another_namespace_in_the_place_of_ours_is_named_and_left_alone_until_it_is_taken_away()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.StopWatching();
        host.Shell("ip netns add other; mount --bind /run/netns/other /run/netns/media").OrThrow();
        const string Said = "/run/netns/media is a network namespace that vpn-confinement did not make";
        try
        {
            var (plan, status) = (host.Product("plan"), host.Product("status"));
            Assert.Contains(Said, plan.Error, StringComparison.Ordinal);
            Assert.Contains(Said, status.Output, StringComparison.Ordinal);
            Assert.Equal((3, 4, 3), (plan.ExitCode, status.ExitCode, host.Product("apply").ExitCode));
        }
        finally
        {
            host.Shell("umount /run/netns/media; ip netns delete other").OrThrow();
        }

        host.Product("apply").OrThrow();
        host.RequireWhole();
    }

    [Fact]
    [Trait("damage", "tunnel keys: altered")]
    public void A_key_file_that_was_changed_is_named_left_alone_by_the_watcher_and_taken_by_apply()
    {
        const string Key = "/etc/wireguard/own.key";
        host.Shell($"umask 077; grep -oP '^PrivateKey = \\K.*' {Laboratory.ProviderFile} > {Key}").OrThrow();
        host.Write(Laboratory.ConfigFile, $$"""
            [namespaces.media]
            dns.servers = ["10.64.0.1"]
            [wireguard.interfaces.wg0]
            ips = ["10.64.0.2/32"]
            privateKeyFile = "{{Key}}"
            peers = [ { publicKey = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=", endpoint = "192.0.2.1:51820", allowedIPs = ["0.0.0.0/0"] } ]
            [services.downloader.vpn]
            namespace = "media"
            """);
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();

        host.WaitForLookAtPeers();
        var run = host.Shell("systemctl show -p InvocationID --value downloader").Output;
        host.Shell($"wg genkey > {Key}; ip -n media link set lo mtu 65000").OrThrow();
        host.Shell("sleep 3; ip -n media link set lo mtu 65536").OrThrow();
        Assert.Equal(run, host.Shell("systemctl show -p InvocationID --value downloader").Output);
        host.RequireNamed($"the link wg0 has another private key than its key file {Key}");

        // The provider does not know that key.
        host.Product("apply", "--no-wait").OrThrow();
        host.RequireWhole();
    }

    [Theory]
    [InlineData("vpn-confinement-gate-media@.service", "[Service]\nExecStart=\nExecStart=/bin/true\n", "ExecStart")]
    [InlineData("vpn-confinement-gate-media@downloader.service.service", "[Unit]\nConditionPathExists=/nowhere\n", "ConditionPathExists")]
    [Trait("damage", "own units: altered")]
    public void What_somebody_adds_to_a_start_gate_is_named_where_it_changes_what_that_does(string unit, string dropIn, string key)
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        var folder = $"/etc/systemd/system/{unit}.d";
        host.Shell($"mkdir {folder}; printf '[Service]\nTimeoutStartSec=40\n' > {folder}/harmless.conf; systemctl daemon-reload").OrThrow();
        try
        {
            host.RequireWhole();
            host.Write($"{folder}/x.conf", dropIn);
            host.Shell("systemctl daemon-reload").OrThrow();
            host.RequireNamed($"the drop-in {folder}/x.conf sets {key}=");
            var refused = host.Product("apply");
            Assert.Equal(3, refused.ExitCode);
            Assert.Contains($"{folder}/x.conf sets {key}=", refused.Error, StringComparison.Ordinal);
        }
        finally
        {
            host.Shell($"rm -r {folder}").OrThrow();
        }

        Assert.Contains("having systemd read its files again", host.Product("apply").OrThrow().Error, StringComparison.Ordinal);
        host.RequireWhole();
    }

    // What a drop-in sets is asked of systemd, which may have had it from one for all services.
    [Theory]
    [InlineData("vpn-confinement-gate-media@.service.d")]
    [InlineData("service.d")]
    public void A_start_gate_that_would_not_run_again_is_named(string folder)
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        folder = $"/etc/systemd/system/{folder}";
        host.Shell($"mkdir {folder}").OrThrow();
        host.Write($"{folder}/x.conf", "[Service]\nRemainAfterExit=yes\n");
        host.Shell("systemctl daemon-reload; systemctl restart downloader").OrThrow();
        try
        {
            host.RequireNamed("RemainAfterExit is 'yes'");
            Assert.Equal(3, host.Product("apply").ExitCode);
        }
        finally
        {
            host.Shell($"rm -r {folder}; systemctl daemon-reload").OrThrow();
            host.Shell("systemctl stop 'vpn-confinement-gate-media@*'").OrThrow();
        }
    }

    [Theory]
    [InlineData("vpn-confinement-gate-media@downloader.service.service")]
    [InlineData("vpn-confinement-watch@media.service")]
    public void A_unit_file_of_somebody_elses_in_the_place_of_ours_is_named(string unit)
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.Write($"/run/systemd/system/{unit}", "[Service]\nType=oneshot\nExecStart=/bin/true\n");
        host.Shell("systemctl daemon-reload").OrThrow();
        try
        {
            var status = host.Product("status");
            Assert.Contains($"it is read from /run/systemd/system/{unit}", status.Output, StringComparison.Ordinal);
            Assert.Equal(4, status.ExitCode);
        }
        finally
        {
            host.Shell($"rm /run/systemd/system/{unit}; systemctl daemon-reload").OrThrow();
        }
    }

    private void Start()
    {
        host.Write(Laboratory.ProviderFile, host.Laboratory.World.Provider.CustomerFile.Replace("[Interface]\n", "[Interface]\nListenPort = 51778\n", StringComparison.Ordinal));
        host.Write(Laboratory.ConfigFile, host.Config.Replace("[namespaces.media]\n", "[namespaces.media]\nwireguard.endpointPinning.enable = true\n", StringComparison.Ordinal));
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.StopWatching();
    }
}
