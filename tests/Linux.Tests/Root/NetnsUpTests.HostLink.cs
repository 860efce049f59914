using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Tests.Root;

/// <content>The host link and its guards.</content>
public sealed partial class NetnsUpTests
{
    [Fact]
    public void Host_link_joins_host_and_namespace_without_link_local_addresses()
    {
        _test.Ruleset = _test.Ruleset.Replace("iifname \"lo\" accept;", "iifname { \"lo\", \"vn-*\" } accept;", StringComparison.Ordinal);
        _test.Up(_test.Stored(hostLink: true, disableIPv6: false));

        // Refused by the other end, not lost on the way.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var refused = Assert.Throws<SocketException>(() => socket.Connect(_test.HostLink.NamespaceAddress, 9));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        Assert.DoesNotContain("inet6", Shell.Run($"ip addr show {_test.HostLink.HostInterface}"), StringComparison.Ordinal);
        Assert.DoesNotContain("inet6", _test.In($"ip addr show {_test.HostLink.NamespaceInterface}"), StringComparison.Ordinal);
        Assert.Contains("addrgenmode none", _test.In($"ip -d link show {_test.HostLink.NamespaceInterface}"), StringComparison.Ordinal);
        Assert.Contains(_test.HostLink.HostTable, Shell.Run("nft list tables"), StringComparison.Ordinal);
        Assert.Equal($"{_test.HostLink.Subnet} dev {_test.HostLink.NamespaceInterface} proto kernel scope link src {_test.HostLink.NamespaceAddress}", _test.In("ip route").Trim());
        Assert.Contains($"VPN_HOSTLINK_NS_ADDRESS={_test.HostLink.NamespaceAddress}\n", File.ReadAllText(StateLayout.EnvironmentFile(_test.Name)), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_forwarded_from_the_host_link_whatever_became_of_tables_and_settings()
    {
        _test.Up(_test.Stored(hostLink: true));
        Shell.Run("nft flush ruleset; for f in /proc/sys/net/ipv?/conf/*/forwarding; do echo 1 > $f; done; for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 0 > $f; done");
        Shell.Run("ip link add out0 type veth peer name out1; ip link set out1 up; ip addr add 203.0.113.1/24 dev out0; ip addr add 2001:db8:1::1/64 dev out0 nodad; ip link set out0 up");
        try
        {
            var from = $"from {_test.HostLink.NamespaceAddress} iif {_test.HostLink.HostInterface}";
            string[] elsewhere = [$"ip route get 203.0.113.80 {from}", $"ip route get 2001:db8:1::80 from 2001:db8:77::6 iif {_test.HostLink.HostInterface}"];
            Assert.All(elsewhere, question => Assert.NotEqual(0, Shell.Try(question).Status));
            Assert.All([$"{_test.HostLink.HostAddress}", "203.0.113.1"], own => Assert.StartsWith($"local {own} from", Shell.Run($"ip route get {own} {from}"), StringComparison.Ordinal));

            DeleteRules();
            Assert.All(elsewhere, question => Assert.Contains("dev out0", Shell.Run(question), StringComparison.Ordinal));
        }
        finally
        {
            Shell.Run("ip link del out0");
        }
    }

    [Fact]
    public void Routing_rules_for_the_host_link_are_never_doubled_and_repaired_and_go_when_the_link_does()
    {
        var before = Rules();
        var stored = _test.Stored(hostLink: true);
        _test.Up(stored);
        var good = Rules();
        Assert.Equal(2, good.Split('\n').Count(line => line.EndsWith($"from all iif {_test.HostLink.HostInterface} blackhole", StringComparison.Ordinal) && line.StartsWith("1:", StringComparison.Ordinal)));

        foreach (var family in (string[])["-4", "-6"])
        {
            Assert.True(ForwardingGuard.IsThere(_test.HostLink.HostInterface));
            Shell.Run($"ip {family} rule del pref 1 iif {_test.HostLink.HostInterface}");
            Assert.False(ForwardingGuard.IsThere(_test.HostLink.HostInterface));
            _test.Up(stored);
            Assert.Single(_test.Log);
            Assert.Equal(good, Rules());
        }

        // As a run that was killed leaves them: the rules without their link.
        Shell.Run($"ip link del {_test.HostLink.HostInterface}");
        Assert.Contains("[detached]", Rules(), StringComparison.Ordinal);
        _test.Up(stored);
        Assert.Equal(good, Rules());

        var renamed = _test.HostLink with { HostInterface = TestPlan.Link("vh-other") };
        _test.Up(stored with { Plan = stored.Plan with { HostLink = renamed } });
        Assert.Equal(good.Replace(_test.HostLink.HostInterface, "vh-other", StringComparison.Ordinal), Rules());
        _test.Up(_test.Stored());
        Assert.Equal(before, Rules());
    }

    [Theory]
    [InlineData("ip link set {vh} down; ip link set {vh} name vh-away; ip link set vh-away up", "is called vh-away")]
    [InlineData("ip link add br-t type bridge; ip link set {vh} master br-t", "is a port of br-t")]
    [InlineData("ip link set {vh} address 02:00:00:00:00:09", "another hardware address")]
    [InlineData("{in} ip link set {vn} address 02:00:00:00:00:09", "another hardware address")]
    [InlineData("ip address flush dev {vh}", "has not the address")]
    [InlineData("ip address add 192.0.2.1/32 dev {vh}", "has the address 192.0.2.1/32")]
    [InlineData("ip route del {subnet} dev {vh}", "has no route to")]
    [InlineData("ip route del {subnet} dev {vh}; ip route add {subnet} dev {vh} metric 7", "has no route to")]
    [InlineData("ip route add 198.51.100.0/24 dev {vh} metric 7", "has the route to 198.51.100.0/24")]
    [InlineData("ip route add 198.51.100.0/24 dev {vh} table 77 proto dhcp", "has the route to 198.51.100.0/24 (table 77)")]
    [InlineData("ip route add default via {na} dev {vh}", "has the route to 0.0.0.0/0")]
    [InlineData("{in} ip route add 198.51.100.0/24 via {ha}", "has the route to 198.51.100.0/24")]
    [InlineData("{in} ip route del {subnet} dev {vn}", "has no route to")]
    [InlineData("{in} ip link set {vn} down; {in} ip link set {vn} name vn-away; {in} ip link set vn-away up", "is called vn-away")]
    [InlineData("ip link set {vh} mtu 1280", "has the MTU 1280 and not 1500")]
    [InlineData("{in} ip link set {vn} mtu 9000", "has the MTU 9000 and not 1500")]
    [InlineData("ip link set {vh} alias other", "has not the alias")]
    [InlineData("ip link set {vh} addrgenmode eui64", "makes IPv6 addresses by itself")]
    [InlineData("{in} ip link set lo down", "the loopback of namespace")]
    [InlineData("{in} ip address flush dev lo", "has not the address 127.0.0.1/8")]
    [InlineData("{in} ip address add 10.9.0.1/32 dev lo", "has the address 10.9.0.1/32")]
    [InlineData("rm /run/vpn-confinement/{name}.env", "is missing")]
    [InlineData("echo X=1 >> /run/vpn-confinement/{name}.env", "is not as it was written")]
    [InlineData("rm -f /run/vpn-confinement/{name}.host-link-ends; ip link set {vh} down", "is down")]
    [InlineData("{in} ip address flush dev {vn}", "has not the address")]
    [InlineData("ip link set {vh} down", "is down")]
    [InlineData("{in} ip link del {vn}", "is gone")]
    [InlineData("tc qdisc del dev {vh} clsact", "does not run its filters")]
    [InlineData("{in} tc qdisc del dev {vn} clsact", "does not run its filters")]
    [InlineData("tc filter del dev {vh} egress prio 1", "does not run its filters")]
    [InlineData("tc filter add dev {vh} ingress prio 1 protocol all handle 2 bpf da bytecode '1,6 0 0 0'", "does not run its filters")]
    [InlineData("tc filter replace dev {vh} ingress prio 1 protocol all handle 1 bpf da bytecode '1,6 0 0 0'", "does not run its filters")]
    [InlineData("tc qdisc del dev {vh} clsact; tc qdisc add dev {vh} ingress", "does not run its filters")]
    [InlineData("ip route del unreachable {subnet} metric 4294967295", "unreachable route to")]
    public void What_somebody_does_to_the_host_link_is_seen_and_undone(string change, string said)
    {
        var stored = _test.Stored(hostLink: true);
        _test.Up(stored);
        var good = Snapshot();
        Assert.Null(Difference());
        try
        {
            Shell.Run(change.Replace("{vh}", _test.HostLink.HostInterface, StringComparison.Ordinal).Replace("{vn}", _test.HostLink.NamespaceInterface, StringComparison.Ordinal)
                .Replace("{in}", $"nsenter --net=/run/netns/{_test.Name}", StringComparison.Ordinal).Replace("{subnet}", $"{_test.HostLink.Subnet}", StringComparison.Ordinal)
                .Replace("{ha}", $"{_test.HostLink.HostAddress}", StringComparison.Ordinal)
                .Replace("{na}", $"{_test.HostLink.NamespaceAddress}", StringComparison.Ordinal)
                .Replace("{name}", _test.Name, StringComparison.Ordinal));
            Assert.Contains(said, Difference(), StringComparison.Ordinal);
            _test.Up(stored);
            Assert.Null(Difference());
            Assert.Equal(good, Snapshot());
        }
        finally
        {
            Shell.Try("ip link del br-t");
        }

        string? Difference() => Differences(stored);

        string Snapshot() => Shell.Run(
            $"ip -o -4 address show dev {_test.HostLink.HostInterface} | sed 's/^[0-9]*: //'; ip route; ip -o link show dev {_test.HostLink.HostInterface} | grep -o 'link/ether [0-9a-f:]*'; tc filter show dev {_test.HostLink.HostInterface} ingress; tc filter show dev {_test.HostLink.HostInterface} egress; "
            + $"nsenter --net=/run/netns/{_test.Name} tc filter show dev {_test.HostLink.NamespaceInterface} egress | sed 's/^[0-9]*: //'");
    }

    [Fact]
    public void The_hosts_route_outlives_the_namespace_follows_its_subnet_and_goes_with_the_last_link_that_has_it()
    {
        var before = Shell.Run("ip route show table all type unreachable");
        var stored = _test.Stored(hostLink: true);
        _test.Up(stored);
        _test.Down();
        Assert.Equal($"unreachable {_test.HostLink.Subnet} proto kernel metric 4294967295", Routes());

        // Two that change places: each makes its own before the other's is given up.
        var other = System.Net.IPNetwork.Parse("169.254.250.0/30");
        HostRoute.Ensure("other", other);
        HostRoute.Ensure("other", _test.HostLink.Subnet);
        HostRoute.Ensure(_test.Name, other);
        Assert.Equal(2, Routes().Split('\n').Length);
        HostRoute.DeleteOthers(new HashSet<string> { _test.Name });
        Assert.Equal("unreachable 169.254.250.0/30 proto kernel metric 4294967295", Routes());
        HostRoute.DeleteOthers(new HashSet<string>());
        Assert.Equal(before, Shell.Run("ip route show table all type unreachable"));
        Assert.False(File.Exists(StateLayout.HostRouteRecord(_test.Name)));

        static string Routes() => Shell.Run("ip route show type unreachable").Replace(" \n", "\n", StringComparison.Ordinal).Trim();
    }

    [Fact]
    public void Host_link_name_of_someone_else_is_refused_and_nothing_is_left()
    {
        Shell.Run($"ip tuntap add {_test.HostLink.HostInterface} mode tap");
        var failure = Assert.Throws<SystemFailure>(() => _test.Up(_test.Stored(hostLink: true)));

        Assert.Contains("not ours", failure.Message, StringComparison.Ordinal);
        AssertGone();
        Shell.Run($"ip link show {_test.HostLink.HostInterface}");
    }

    [Fact]
    public void Host_link_to_a_netns_that_was_lost_is_made_anew()
    {
        _test.Up(_test.Stored(hostLink: true));
        Shell.Run($"nsenter --net=/run/netns/{_test.Name} sleep 5 >/dev/null 2>&1 & sleep 0.1; umount /run/netns/{_test.Name}; rm /run/netns/{_test.Name}");
        _test.Up(_test.Stored(hostLink: true));

        Assert.Contains("UP", _test.In($"ip link show {_test.HostLink.NamespaceInterface}"), StringComparison.Ordinal);
    }
}
