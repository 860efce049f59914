using System.Globalization;
using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// What others change under a running service is noticed and repaired without anybody's help, and the uplink carries nothing but the tunnel from before the
/// change until after the repair.
/// </summary>
[Trait("guarantees", "S-25 S-26")]
public sealed partial class WatcherTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Watcher = "vpn-confinement-watch@media.service";
    private const string Netns = "vpn-confinement-netns@media.service";
    private const string Inside = "nsenter --net=/run/netns/media -- ";
    private static readonly string Device = LabHost.ShellDevice(Laboratory.Namespace, "wg0");

    private readonly BadHostFixture _host;
    private readonly string _resolver;
    private readonly string _began;

    public WatcherTests(BadHostFixture host)
    {
        _host = host;
        _resolver = host.Read("/etc/resolv.conf");
        host.Shell("systemctl start ordinary").OrThrow();
        _began = host.Now();
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.Laboratory.Machine.RequireUnit(Watcher, "active");
    }

    public static TheoryData<string, string> ChangesInside { get; } = Changes();

    public void Dispose()
    {
        _host.Shell("rm -f /etc/resolv.conf /etc/link; ip link del elsewhere 2>/dev/null || true").OrThrow();
        _host.Write("/etc/resolv.conf", _resolver);
        _host.Reset();
    }

    [Theory]
    [MemberData(nameof(ChangesInside))]
    public void What_is_changed_inside_stops_the_service_is_repaired_and_lets_it_return(string state, string change)
    {
        var run = Invocation();
        Repaired(state, change);
        Assert.NotEqual(run, Invocation());
    }

    // Between the tunnel's start and the watcher's first look at it nobody has seen its key yet.
    [Fact]
    public void A_key_that_is_set_before_the_watcher_has_seen_the_tunnel_is_repaired()
    {
        _host.Shell("systemctl stop downloader").OrThrow();
        _host.Laboratory.Machine.RequireUnit(Watcher, "inactive");
        const string Holder = $"--unit=holder --property=Requires={Netns} --property=After={Netns}";
        _host.Shell($"systemd-run --quiet {Holder} sleep 600").OrThrow();
        _host.Laboratory.Machine.RequireUnit(Watcher, "active");
        _host.Shell($"systemctl kill -s STOP {Watcher}; systemctl start downloader").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        var run = Invocation();
        _host.Shell($"{Device}wg genkey > /run/other.key; wg set $n private-key /run/other.key").OrThrow();
        _host.Shell($"systemctl kill -s CONT {Watcher}").OrThrow();
        WaitForEntry("damaged", "has another private key than its key file");
        WaitForEntry("repaired");
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        Assert.NotEqual(run, Invocation());
        _host.WaitForStatus();
    }

    // systemd gives a service up that is started five times in ten seconds, and nobody would start it again.
    [Fact]
    public void What_is_changed_over_and_over_does_not_wear_the_service_out()
    {
        var watch = UplinkWatch.Begin(_host.Laboratory);
        _host.Shell("for i in $(seq 15); do ip -n media link set wg0 down; sleep 0.5; done 2>/dev/null; sleep 5").OrThrow();
        _host.WaitUntilWhole();
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        watch.RequireTunnelOnly("changed over and over");
    }

    [Theory]
    [InlineData("host-ruleset-flushed", "nft flush ruleset")]
    [InlineData("host-table-deleted", "nft delete table inet $(nft list tables | grep -o 'vpnc.*' | head -n 1)")]
    [InlineData("host-forwarding-switched-on", "echo 0 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv4/ip_forward")]
    [InlineData("host-routing-rule-deleted", "ip rule del pref 1")]
    [InlineData("host-routing-rule-ipv6-deleted", "ip -6 rule del pref 1")]
    [InlineData("host-routing-rules-flushed", "ip rule flush; ip -6 rule flush; for f in -4 -6; do ip $f rule add pref 32766 lookup main; done; ip rule add pref 32767 lookup default")]
    [InlineData("host-link-renamed", "ip link set $(ls /sys/class/net | grep ^vh-) name vh-away")]
    [InlineData("host-link-in-bridge", "ip link add elsewhere type bridge; ip link set $(ls /sys/class/net | grep ^vh-) master elsewhere")]
    [InlineData("host-link-address-flushed", "ip address flush dev $(ls /sys/class/net | grep ^vh-)")]
    [InlineData("host-link-unfiltered", "tc qdisc del dev $(ls /sys/class/net | grep ^vh-) clsact")]
    [InlineData("host-link-unfiltered-inside", Inside + "tc qdisc del dev $(" + Inside + "ip -o link | grep -o 'vn-[0-9a-f]*' | head -n 1) clsact")]
    [InlineData("host-route-deleted", "ip route flush type unreachable")]
    public void What_is_changed_on_the_host_is_repaired_under_the_running_service(string state, string change)
    {
        var run = Invocation();
        Repaired(state, change);
        Assert.Equal(run, Invocation());
    }

    [Fact]
    public void A_resolver_file_that_the_host_replaces_is_pinned_again_in_the_running_service()
    {
        var run = Invocation();
        string[] replacements =
        [
            "echo nameserver 203.0.113.53 > /etc/new && mv /etc/new /etc/resolv.conf",
            "mkdir -p /run/elsewhere && echo nameserver 203.0.113.53 > /run/elsewhere/resolv.conf && ln -sfn /run/elsewhere/resolv.conf /etc/resolv.conf",
            "ln -sfn /run/elsewhere/resolv.conf /etc/link && ln -sfn link /etc/resolv.conf",
            "mkdir -p /run/elsewhere && cp /run/elsewhere/resolv.conf /run/elsewhere/second && ln -sfn /run/elsewhere/second /etc/link",
            "ln -sfn /nowhere /etc/resolv.conf",
            "mv /etc/resolv.conf /etc/resolv.conf.bak; echo nameserver 203.0.113.53 > /etc/resolv.conf",
            "mv /etc/resolv.conf /etc/resolv.conf.1; sleep 3; echo nameserver 203.0.113.53 > /etc/resolv.conf",
            "mv /etc/nsswitch.conf /etc/nsswitch.conf.bak; cp /etc/nsswitch.conf.bak /etc/nsswitch.conf",
            "rm /etc/resolv.conf; sleep 3; echo nameserver 203.0.113.53 > /etc/resolv.conf",
            "cp /etc/nsswitch.conf /etc/new && mv /etc/new /etc/nsswitch.conf",
        ];
        foreach (var replacement in replacements)
        {
            var name = $"replaced-{Array.IndexOf(replacements, replacement)}.example";
            _host.Shell(replacement).OrThrow();
            var answer = _host.Laboratory.Downloader.ResolveInTime(name);
            Assert.True(answer.Value == $"{Addresses.PinnedAnswer}", $"{replacement}: {answer}");
            Assert.DoesNotContain(_host.Laboratory.World.OrdinaryResolver.Queries, q => q.Name == name);
            Assert.False(_host.Laboratory.Downloader.Query(Addresses.OtherResolver, name).Ok);
            WaitUntilPinned("/etc/resolv.conf", "downloader");
            WaitUntilPinned("/etc/nsswitch.conf", "downloader");
        }

        Assert.Equal(run, Invocation());
        WaitForEntry(
            "pin-restored", "/etc/resolv.conf of the host was replaced under downloader.service; pinned again");
        _host.WaitForStatus();
    }

    [Fact]
    public void Its_death_opens_nothing_and_systemd_starts_it_again()
    {
        _host.Shell($"systemctl stop {Watcher}").OrThrow();
        var watch = UplinkWatch.Begin(_host.Laboratory);
        var tries = Escapes.Try(_host.Laboratory.Downloader, [.. Escapes.Besides, .. Escapes.OverHostLink(_host.Laboratory.HostLinkAddress("HOST"), 22)]);
        Assert.DoesNotContain(tries, t => t.Reply.IsSilence);
        watch.RequireTunnelOnly("");
        var status = _host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains($"{Watcher} does not run", status.Output, StringComparison.Ordinal);
        _host.Product("apply").OrThrow();
        Assert.Equal("active", _host.Laboratory.Machine.UnitState(Watcher));
        Assert.Equal(0, _host.Product("status").ExitCode);
        var run = Invocation(Watcher);
        _host.Shell($"systemctl kill -s KILL {Watcher}").OrThrow();
        _host.WaitForAnotherRun(Watcher, run);
        _host.Laboratory.Machine.RequireUnit(Watcher, "active");
    }

    [Fact]
    public void It_ends_with_its_namespace_and_comes_with_it()
    {
        _host.Shell("systemctl stop downloader").OrThrow();
        _host.Laboratory.Machine.RequireUnit(Watcher, "inactive");
        _host.WaitForStatus();
        _host.Shell("systemctl start downloader").OrThrow();
        _host.Laboratory.Machine.RequireUnit(Watcher, "active");
    }

    [Fact]
    public void What_an_administrator_stops_is_no_damage()
    {
        _host.Shell($"systemctl stop {Laboratory.TunnelUnit}; sleep 3").OrThrow();
        Assert.Equal("inactive", _host.Laboratory.Machine.UnitState(Laboratory.TunnelUnit));
        Assert.Equal("inactive", _host.Laboratory.Machine.UnitState("downloader.service"));
        Assert.Equal("", Entries("damaged"));
    }

    [Fact]
    public void A_repair_that_fails_is_tried_again_until_it_succeeds()
    {
        // The program that makes the link or, where it is the kernel's, the key that it is given.
        const string Key = "/var/lib/vpn-confinement/secrets/wg0.key";
        var (taken, back) = LabHost.HasKernelWireGuard
            ? ($"mv {Key} {Key}.away", $"mv {Key}.away {Key}")
            : ("chmod a-x /usr/bin/wireguard-go && mv /usr/bin/wireguard-go /usr/bin/wireguard-gone", "mv /usr/bin/wireguard-gone /usr/bin/wireguard-go && chmod a+x /usr/bin/wireguard-go");
        _host.Shell(taken).OrThrow();
        try
        {
            _host.Shell(Inside + "ip link delete wg0").OrThrow();
            WaitForEntry("repair-failed");
            Assert.NotEqual("active", _host.Laboratory.Machine.UnitState("downloader.service"));
        }
        finally
        {
            _host.Shell(back).OrThrow();
        }

        _host.Laboratory.Machine.RequireUnit("downloader.service", "active");
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        WaitForEntry("repaired");
    }

    [Fact]
    public void A_peer_that_does_not_answer_is_told()
    {
        var config = _host.Read(Laboratory.ProviderFile);
        try
        {
            _host.Write(Laboratory.ProviderFile, System.Text.RegularExpressions.Regex.Replace(config, "(?m)^PublicKey.*$", $"PublicKey = {_host.Shell("wg genkey | wg pubkey").OrThrow().Output.Trim()}"));
            _host.Product("apply", "--no-wait").OrThrow();
            Eventually.See(
                "the watcher tells that the peer is silent",
                () =>
                {
                    _ = _host.Laboratory.Downloader.Send(Addresses.Web, 9);
                    return Entries("peer-silent");
                },
                told => told.Length > 0);
            Eventually.See(
                "'status' tells it as well",
                () => _host.Product("status").Output,
                said => said.Contains("no answer from 1 of 1 peers", StringComparison.Ordinal));
        }
        finally
        {
            _host.Write(Laboratory.ProviderFile, config);
        }
    }

    [Fact]
    public void What_is_confined_later_is_looked_after_and_what_is_no_longer_is_left_alone()
    {
        _host.Write("/etc/systemd/system/other.service", "[Service]\nDynamicUser=yes\nExecStart=/bin/sleep infinity\n");
        _host.Write(Laboratory.ConfigFile, _host.Config + "\n[services.other.vpn]\nnamespace = \"media\"\n");
        _host.Shell("systemctl daemon-reload").OrThrow();
        var run = Invocation(Watcher);
        _host.Product("apply").OrThrow();
        _host.Shell("systemctl start other").OrThrow();

        // Not before its look from inside has passed, which refuses what is moved away under it.
        Assert.True(_host.IsPastItsGate("other.service"));
        _host.Shell("echo nameserver 203.0.113.53 > /etc/new && mv /etc/new /etc/resolv.conf").OrThrow();
        WaitUntilPinned("/etc/resolv.conf", "other");

        _host.Write(Laboratory.ConfigFile, _host.Config);
        _host.Product("apply", "--allow-unconfine").OrThrow();
        Assert.Equal(run, Invocation(Watcher));
        _host.Shell("systemctl start other; sleep 4").OrThrow();
        Assert.Equal("active", _host.Laboratory.Machine.UnitState("other.service"));
        Assert.Equal("", Entries("outside"));
        _host.Shell("systemctl stop other").OrThrow();
    }

    // systemd cannot be made to refuse: all that would tell it to is gone.
    [Fact]
    public void A_service_that_is_started_without_its_drop_in_is_stopped()
    {
        _host.Write("/etc/systemd/system/other.service", "[Service]\nDynamicUser=yes\nExecStart=/bin/sleep infinity\n");
        _host.Write(Laboratory.ConfigFile, _host.Config + "\n[services.other.vpn]\nnamespace = \"media\"\n");
        _host.Shell("systemctl daemon-reload").OrThrow();
        _host.Product("apply").OrThrow();
        _host.Shell("systemctl start other && rm -r /etc/systemd/system/downloader.service.d /etc/systemd/system/downloader.service.requires && systemctl daemon-reload && systemctl restart downloader").OrThrow();
        _host.Laboratory.Machine.RequireUnit("downloader.service", "inactive");
        WaitForEntry("outside", "of downloader.service is on the host's network");
        Assert.Equal(4, _host.Product("status").ExitCode);
        _host.Product("apply").OrThrow();
        _host.Shell("systemctl start downloader").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
    }

    [Fact]
    public void It_needs_less_than_15_megabytes() => Eventually.See(
        "the watcher, once it has collected what its start left, holds less than 15 MiB",
        () => _host.Shell($"grep ^Pss: /proc/$(systemctl show -p MainPID --value {Watcher})/smaps_rollup").OrThrow().Output,
        pss => int.Parse(pss.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) < 15 * 1024);

    private static TheoryData<string, string> Changes()
    {
        var changes = new TheoryData<string, string>
        {
            { "link-deleted", Inside + "ip link delete wg0" },
            { "link-down", Inside + "ip link set wg0 down" },
            { "addresses-flushed", Inside + "ip address flush dev wg0" },
            { "routes-flushed", Inside + "ip route flush table main" },
            { "peer-removed", Device + "for p in $(wg show $n peers); do wg set $n peer $p remove; done" },
            { "peer-added", Device + "wg set $n peer $(wg genkey | wg pubkey) allowed-ips 10.99.0.0/24" },
            { "private-key-set", Device + "wg genkey > /run/other.key; wg set $n private-key /run/other.key" },
            { "mark-set", Device + "wg set $n fwmark 99" },
            { "keepalive-set", Device + "wg set $n peer $(wg show $n peers) persistent-keepalive 7" },
            { "mtu-set", Inside + "ip link set wg0 mtu 1300" },
            { "ruleset-flushed", Inside + "nft flush ruleset" },
            { "rule-added", Inside + "nft insert rule inet vpnc output accept" },
            { "set-element-added", Inside + "nft add element inet vpnc dns_servers_v4 '{ 203.0.113.53 }'" },
            { "netns-name-deleted", "ip netns delete media" },
        };
        if (!LabHost.HasKernelWireGuard)
        {
            changes.Add("userspace-program-killed", "pkill -KILL -x wireguard-go");
        }

        return changes;
    }

    private void Repaired(string state, string change)
    {
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        var watch = UplinkWatch.Begin(_host.Laboratory);
        _host.Shell(change).OrThrow();
        WaitForEntry("repaired");
        _host.Laboratory.Machine.RequireUnit("downloader.service", "active");
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        Assert.Equal($"{Addresses.PinnedAnswer}", $"{_host.Laboratory.Downloader.ResolveInTime($"{state}.example")}");
        Assert.False(_host.Laboratory.Downloader.Query(Addresses.OtherResolver, $"{state}.example").Ok);
        watch.RequireTunnelOnly(state);
        _host.WaitForStatus();
    }

    private string Entries(string what) => _host.Entries(what, _began);

    private void WaitForEntry(string what, string said = "") => _host.WaitForEntry(what, _began, said);

    private void WaitUntilPinned(string path, string unit)
    {
        var kept = $"/var/lib/vpn-confinement/namespaces/media/{Path.GetFileName(path)}";
        var file = _host.Shell($"stat -Lc %d:%i {kept}").OrThrow().Output;
        Eventually.See(
            $"{path} is pinned in {unit}",
            () => _host.Shell($"nsenter -m -t $(systemctl show -p MainPID --value {unit}) stat -c %d:%i {path}").Output,
            seen => seen == file,
            () => _host.Laboratory.Machine.Told(Watcher, $"{unit}.service"));
    }

    private string Invocation(string unit = "downloader") => _host.Invocation(unit);
}
