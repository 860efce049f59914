using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Tests.Root;

[Trait("guarantees", "S-2 S-5 S-8 S-9 S-36")]
[Collection("root")]
public sealed partial class NetnsUpTests : IDisposable
{
    private readonly TestPlan _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Up_makes_a_guarded_netns_that_ip_netns_knows()
    {
        _test.Up(_test.Stored());

        Assert.Contains(_test.Name, Shell.Run("ip netns list"), StringComparison.Ordinal);
        Assert.Contains("policy drop", _test.In("nft list table inet vpnc"), StringComparison.Ordinal);
        Assert.Contains("UP", _test.In("ip link show lo"), StringComparison.Ordinal);
        Assert.Contains("shared", Shell.Run("grep ' /run/netns ' /proc/self/mountinfo"), StringComparison.Ordinal);
        var inode = Shell.Run($"stat -L -c %d:%i /run/netns/{_test.Name}");
        Assert.Equal(inode + "\n", File.ReadAllText(StateLayout.NetnsMarker(_test.Name)));
        Assert.Equal($"VPN_NAMESPACE={_test.Name}\nVPN_INTERFACE={_test.Interface}\n", File.ReadAllText(StateLayout.EnvironmentFile(_test.Name)));
    }

    [Fact]
    public void Up_twice_changes_nothing()
    {
        var stored = _test.Stored(hostLink: true);
        _test.Up(stored);
        var before = Snapshot();
        _test.Up(stored);

        Assert.Empty(_test.Log);
        Assert.Equal(before, Snapshot());

        string Snapshot() => _test.In("nft -a list ruleset") + _test.In("ip -d addr | sed 's/<[^>]*>//; s/state [A-Z]*//'") + _test.In("ip route")
            + Shell.Run("nft -a list ruleset; ip -d addr | sed 's/<[^>]*>//; s/state [A-Z]*//'; ip route; ip rule; ip -6 rule") + Shell.Run($"stat -L -c %i /run/netns/{_test.Name}");
    }

    [Fact]
    public void Settings_are_safe_inside_and_only_the_host_links_own_change_on_the_host()
    {
        const string Keys = "cd /proc/sys/net && find . -name 'vh-*' -prune -o -type f \\( -path './ipv4/conf/*' -o -path './ipv6/conf/*' -o -name ip_forward \\) ! -name stable_secret -print | sort | xargs grep -s .";
        Shell.Run("echo 1 > /proc/sys/net/ipv4/conf/all/send_redirects; echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet");
        var before = Shell.Run(Keys);
        _test.Up(_test.Stored(hostLink: true));

        Assert.Equal(before, Shell.Run(Keys));
        string Read(string key) => _test.In($"cat /proc/sys/net/{key}");
        Assert.Equal("0", Read("ipv4/ip_forward"));
        Assert.Equal("0", Read("ipv4/conf/all/send_redirects"));
        Assert.Equal("0", Read("ipv4/conf/all/route_localnet"));
        Assert.Equal("1", Read("ipv6/conf/all/disable_ipv6"));
        Assert.Equal("1", Read("ipv6/conf/lo/disable_ipv6"));
        Assert.Equal("1", Read($"ipv6/conf/{_test.HostLink.NamespaceInterface}/disable_ipv6"));
        Assert.Equal("0", Read($"ipv4/conf/{_test.HostLink.NamespaceInterface}/accept_redirects"));
        Assert.Equal("1", Shell.Run($"cat /proc/sys/net/ipv4/conf/{_test.HostLink.HostInterface}/rp_filter"));
        Assert.Equal("0", Shell.Run($"cat /proc/sys/net/ipv4/conf/{_test.HostLink.HostInterface}/forwarding"));
    }

    [Fact]
    public void A_netns_of_someone_else_is_refused_and_left_alone()
    {
        Shell.Run($"ip netns add {_test.Name}");
        var inode = Shell.Run($"stat -L -c %i /run/netns/{_test.Name}");

        Assert.Contains("did not make", Assert.Throws<SystemFailure>(() => _test.Up(_test.Stored())).Message, StringComparison.Ordinal);
        File.WriteAllText(StateLayout.NetnsMarker(_test.Name), "4:4026531840\n");
        Assert.Throws<SystemFailure>(() => _test.Up(_test.Stored()));
        Assert.Throws<SystemFailure>(() => NetnsDown.Run(_test.Name, null, _test.Log.Add));
        Assert.Equal(inode, Shell.Run($"stat -L -c %i /run/netns/{_test.Name}"));
        Assert.Equal("", _test.In("nft list ruleset"));
    }

    [Fact]
    public void A_netns_that_took_over_name_and_inode_of_ours_is_refused()
    {
        _test.Up(_test.Stored());
        Shell.Run($"ip netns delete {_test.Name}; ip netns add {_test.Name}");
        File.WriteAllText(StateLayout.NetnsMarker(_test.Name), Shell.Run($"stat -L -c %d:%i /run/netns/{_test.Name}"));

        Assert.Throws<SystemFailure>(() => _test.Up(_test.Stored()));
        Assert.Equal("", _test.In("nft list ruleset"));
    }

    [Fact]
    public void A_policy_change_forgets_the_tracked_connections()
    {
        _test.Up(_test.Stored());
        _test.Up(_test.Stored());
        using var netns = Namespaces.Netns.Open(_test.Name);
        Namespaces.NetnsThread.Run(netns, () =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            return socket.SendTo([1], new IPEndPoint(IPAddress.Loopback, 9));
        });
        Assert.NotEqual("0", Count());
        _test.In("nft insert rule inet vpnc output accept");
        _test.Up(_test.Stored());
        Assert.Equal("0", Count());

        string Count() => _test.In("cat /proc/sys/net/netfilter/nf_conntrack_count").Trim();
    }

    [Theory]
    [InlineData("mkdir -p /run/netns /run/vpn-confinement; touch /run/netns/NAME")]
    [InlineData("mkdir -p /run/netns /run/vpn-confinement; touch /run/netns/NAME; echo 4:4026530000 > /run/vpn-confinement/NAME.netns")]
    [InlineData("mkdir -p /run/vpn-confinement; echo 4:4026530000 > /run/vpn-confinement/NAME.netns; echo vpnc x y > /run/vpn-confinement/NAME.ruleset")]
    [InlineData("ip netns add NAME; mkdir -p /run/vpn-confinement; stat -L -c %d:%i /run/netns/NAME > /run/vpn-confinement/NAME.netns")]
    [InlineData("ip netns add NAME; mkdir -p /run/vpn-confinement; stat -L -c %d:%i /run/netns/NAME > /run/vpn-confinement/NAME.netns; nsenter --net=/run/netns/NAME nft add table inet vpnc")]
    public void What_a_run_cut_short_left_is_taken_over(string state)
    {
        Shell.Run(state.Replace("NAME", _test.Name, StringComparison.Ordinal));
        _test.Up(_test.Stored(hostLink: true));

        Assert.Contains("policy drop", _test.In("nft list table inet vpnc"), StringComparison.Ordinal);
        Assert.Contains("UP", _test.In($"ip link show {_test.HostLink.NamespaceInterface}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nft flush chain inet vpnc input")]
    [InlineData("nft flush ruleset")]
    [InlineData("nft add element inet vpnc ports { 4444 }")]
    [InlineData("nft insert rule inet vpnc output accept")]
    public void Drift_is_repaired_in_place(string change)
    {
        var stored = _test.Stored();
        _test.Up(stored);
        var good = KernelRuleset.Parts(_test.Name);
        var inode = Shell.Run($"stat -L -c %i /run/netns/{_test.Name}");
        _test.In($"{change}");
        _test.Up(stored);

        Assert.Single(_test.Log);
        Assert.Equal(good, KernelRuleset.Parts(_test.Name));
        Assert.Equal(inode, Shell.Run($"stat -L -c %i /run/netns/{_test.Name}"));
    }

    [Fact]
    public void A_new_ruleset_replaces_the_old_one_in_one_transaction()
    {
        _test.Up(_test.Stored());
        var before = Generation();
        _test.Ruleset = _test.Ruleset.Replace("9091", "9092", StringComparison.Ordinal);
        _test.Up(_test.Stored());

        // The kernel counts transactions: with one there is no moment without rules.
        Assert.Equal(before + 1, Generation());

        Assert.Contains("9092", _test.In("nft list table inet vpnc"), StringComparison.Ordinal);
        Assert.DoesNotContain("9091", _test.In("nft list table inet vpnc"), StringComparison.Ordinal);

        uint Generation() => KernelRuleset.Generation(_test.Name);
    }

    [Fact]
    public void Up_that_fails_leaves_nothing_when_the_netns_was_its_own()
    {
        _test.Ruleset = "table inet vpnc {\n chain x {\n  nonsense\n }\n}\n";
        var failure = Assert.Throws<SystemFailure>(() => _test.Up(_test.Stored(hostLink: true)));

        Assert.Contains("ruleset:3", failure.Message, StringComparison.Ordinal);
        AssertGone();
    }

    [Fact]
    public void Up_that_fails_keeps_a_netns_that_was_there_and_takes_its_links_away()
    {
        _test.Up(_test.Stored(hostLink: true));
        _test.Ruleset = "table inet vpnc {\n chain x {\n  nonsense\n }\n}\n";
        Assert.Throws<SystemFailure>(() => _test.Up(_test.Stored(hostLink: true)));

        Assert.Contains("policy drop", _test.In("nft list table inet vpnc"), StringComparison.Ordinal);
        Assert.Equal("lo", _test.In("ls /proc/sys/net/ipv4/conf").Split('\n').Except(["all", "default"]).Single());
    }

    [Fact]
    public void Down_takes_everything_away_but_the_hosts_route_and_may_be_repeated()
    {
        var before = Shell.Run("nft list ruleset; ip addr; ip route; ip rule; ip -6 rule");
        _test.Up(_test.Stored(hostLink: true));
        NetnsDown.Run(_test.Name, null, _test.Log.Add);
        NetnsDown.Run(_test.Name, null, _test.Log.Add);

        AssertGone();
        HostRoute.DeleteOthers(new HashSet<string>());
        Assert.Equal(before, Shell.Run("nft list ruleset; ip addr; ip route; ip rule; ip -6 rule"));
    }

    [Fact]
    public void Down_cuts_off_a_process_that_stays_inside()
    {
        _test.Up(_test.Stored(hostLink: true));
        Shell.Run($"nsenter --net=/run/netns/{_test.Name} sleep 5 >/dev/null 2>&1 & echo $! > /run/pid-{_test.Name}; sleep 0.1");
        NetnsDown.Run(_test.Name, null, _test.Log.Add);

        Assert.Equal("1", Shell.Run($"nsenter --net=/proc/$(cat /run/pid-{_test.Name})/ns/net ip -o link | wc -l"));
        AssertGone();
    }

    [Fact]
    public void Counters_are_read_by_name()
    {
        _test.Up(_test.Stored());
        Assert.Equal([new NftCounter("refused", 0, 0)], NftCounters.Read(_test.Name));
    }

    private static string Rules() => Shell.Run("ip rule; ip -6 rule");

    private static string? Differences(StoredPlan stored)
    {
        var drift = NamespaceLook.Find(stored.Plan, withKeys: false);
        Assert.DoesNotContain(drift, entry => entry.IsUnknown);
        return drift.Count == 0 ? null : string.Join("; ", drift.Select(entry => entry.Text));
    }

    private void DeleteRules() => Shell.Run($"ip rule del pref 1 iif {_test.HostLink.HostInterface}; ip -6 rule del pref 1 iif {_test.HostLink.HostInterface}");

    private void AssertGone()
    {
        Assert.False(File.Exists(StateLayout.Netns(_test.Name)));
        Assert.False(File.Exists(StateLayout.NetnsMarker(_test.Name)));
        Assert.Empty(Directory.GetFiles("/run/vpn-confinement", $"{_test.Name}.*ruleset*"));
        Assert.False(File.Exists(StateLayout.EnvironmentFile(_test.Name)));
        Assert.False(File.Exists(StateLayout.HostLinkRecord(_test.Name)));
        Assert.DoesNotContain(_test.HostLink.HostTable, Shell.Run("nft list tables"), StringComparison.Ordinal);
        Assert.DoesNotContain(_test.HostLink.HostInterface, Rules(), StringComparison.Ordinal);
    }
}
