using System.Diagnostics;
using System.Net;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Tests.Root;

[Trait("guarantees", "S-19")]
[Collection("root")]
public sealed class HostnameTests : IDisposable
{
    private const string Other = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";

    private readonly TestPlan _test = new();
    private readonly OtherNetns _netns;

    public HostnameTests() => _netns = new OtherNetns($"other-{_test.Name}");

    public void Dispose()
    {
        WireGuardDown.Run(_test.Name, _test.Interface, _test.Log.Add);
        _netns.Dispose();
        _test.Dispose();
    }

    [Fact]
    public void A_name_that_resolves_late_moves_and_fails()
    {
        var stored = Named();
        _test.Up(stored);
        var clock = Stopwatch.StartNew();
        _netns.Resolver.Answer = null;
        _test.WireGuard(stored);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"up took {clock.Elapsed}");
        Assert.Empty(Peers());
        Assert.Contains("no address for vpn.example:51820 yet", Assert.Throws<SystemFailure>(() => Refresh(stored)).Message, StringComparison.Ordinal);

        _netns.Resolver.Answer = "198.51.100.7";
        Refresh(stored);
        Assert.Equal(["198.51.100.7:51820"], Peers());
        var device = Userspace();

        _netns.Resolver.Answer = "198.51.100.8";
        Refresh(stored);
        Assert.Equal(["198.51.100.7:51820"], Peers()); // its interval is not over
        Wait(stored);
        Refresh(stored);
        Assert.Equal(["198.51.100.8:51820"], Peers());

        foreach (var failing in (string?[])[null, "none", "127.0.0.1", "0.0.0.0", "224.0.0.1"])
        {
            _netns.Resolver.Answer = failing;
            Wait(stored);
            Refresh(stored);
            Assert.Equal(["198.51.100.8:51820"], Peers());
        }

        Assert.Equal(device, Userspace());
        WireGuardDown.Run(_test.Name, _test.Interface, _test.Log.Add);
        Refresh(stored);
        _test.WireGuard(stored);
        Assert.Equal(["198.51.100.8:51820"], Peers());
        Assert.Equal("600", Shell.Run($"stat -c %a {StateLayout.EndpointRecord(_test.Name)}"));
    }

    [Fact]
    public void Where_none_is_written_the_MTU_is_that_of_the_route_and_follows_an_endpoint_that_moves()
    {
        Shell.Run(
            $"ip -n {_netns.Name} link add v0 mtu 1400 type veth peer name v1; ip -n {_netns.Name} link set v0 up; "
                + $"ip -n {_netns.Name} link set v1 up; ip -n {_netns.Name} address add 203.0.113.1/24 dev v0; "
                + $"ip -n {_netns.Name} route add 203.0.113.9/32 dev v0 mtu 1300; "
                + $"ip -n {_netns.Name} route add unreachable 203.0.113.10/32");
        var stored = Named(plan => plan with { Mtu = null });
        _netns.Resolver.Answer = "203.0.113.7";
        _test.Up(stored);
        _test.WireGuard(stored);
        Assert.Equal("1320", LinkMtu());

        // The route's of then: what changes by itself on the host is nobody's damage.
        Shell.Run($"ip -n {_netns.Name} link set v0 mtu 1450");
        Assert.Equal(1320, RecordedMtu());
        foreach (var (address, mtu) in ((string, int)[])[("203.0.113.9", 1220), ("203.0.113.10", 1420), ("203.0.113.7", 1370), ("198.51.100.8", 1420)])
        {
            _netns.Resolver.Answer = address;
            Wait(stored);
            Refresh(stored);
            Assert.Equal([$"{address}:51820"], Peers());
            Assert.Equal(($"{mtu}", mtu), (LinkMtu(), RecordedMtu()));
        }

        // One that is written takes its place, on the living link.
        var index = _test.In($"ip -o link show {_test.Interface}").Split(':')[0];
        _test.WireGuard(Named());
        Assert.Equal(("1380", null), (LinkMtu(), RecordedMtu()));
        Assert.Equal(index, _test.In($"ip -o link show {_test.Interface}").Split(':')[0]);
        _test.WireGuard(stored);
        Assert.Equal(("1420", 1420), (LinkMtu(), RecordedMtu()));
    }

    [Fact]
    public void A_living_peer_is_kept_although_the_record_is_lost()
    {
        var stored = Named();
        _netns.Resolver.Answer = "198.51.100.7";
        _test.Up(stored);
        _test.WireGuard(stored);
        File.WriteAllText(StateLayout.EndpointRecord(_test.Name), "damaged\n\n x y z\n");
        _netns.Resolver.Answer = "none";
        Refresh(stored);
        Assert.Equal(["198.51.100.7:51820"], Peers());
        _test.WireGuard(stored);
        Assert.Equal(["198.51.100.7:51820"], Peers());
    }

    [Fact]
    public void What_is_meant_for_a_peer_without_address_never_goes_to_another()
    {
        // Left out, its traffic would go to the peer that takes everything.
        var stored = Named(plan => plan with
        {
            Peers =
            [
                plan.Peers[0] with { PublicKey = TestPlan.Key(Other), EndpointName = new("office.example", 51820), AllowedIPs = [IPNetwork.Parse("10.9.0.0/16")] },
                plan.Peers[0] with { Endpoint = IPEndPoint.Parse("198.51.100.8:51820"), EndpointName = null, RefreshSeconds = 0 },
            ],
        });
        _netns.Resolver.Answer = "none";
        _test.Up(stored);
        _test.WireGuard(stored);
        using (var device = WireGuardStatus.Read(_test.Name)!)
        {
            var office = device.Peers.Single(p => p.PublicKey == TestPlan.Key(Other));
            Assert.Null(office.Endpoint);
            Assert.Equal(["10.9.0.0/16"], office.AllowedIPs);
        }

        _netns.Resolver.Answer = "198.51.100.7";
        Refresh(stored);
        using (var device = WireGuardStatus.Read(_test.Name)!)
        {
            Assert.Equal("198.51.100.7:51820", device.Peers.Single(p => p.PublicKey == TestPlan.Key(Other)).Endpoint!.ToString());
        }
    }

    [Fact]
    public void A_namespace_of_ours_as_birthplace_is_asked_by_its_own_resolvers()
    {
        using var outer = new TestPlan { Ruleset = "table inet vpnc {\n chain output {\n type filter hook output priority filter; policy drop; oifname lo accept;\n }\n}\n" };
        outer.Up(outer.Stored());
        try
        {
            using var handle = Namespaces.Netns.Open(outer.Name);
            using var resolver = new FakeResolver(handle) { Answer = "198.51.100.9" };
            var stored = Named(plan => plan with { Birthplace = outer.Name, BirthplaceManaged = true, Resolvers = [IPAddress.Loopback] });
            _test.Up(stored);
            _test.WireGuard(stored);
            Assert.Equal(["198.51.100.9:51820"], Peers());
            Assert.Equal(1, resolver.Asked);
            Assert.Equal(0, _netns.Resolver.Asked);
            WireGuardDown.Run(_test.Name, _test.Interface, _test.Log.Add);
        }
        finally
        {
            outer.Down();
        }
    }

    [Fact]
    public void Many_names_and_a_silent_resolver_hold_nothing_up_and_keep_no_other_from_an_answer()
    {
        var stored = Named(plan => plan with
        {
            Peers = [.. Enumerable.Range(0, 24).Select(i => plan.Peers[0] with { PublicKey = PublicKey.FromBytes([.. Enumerable.Repeat((byte)(i + 1), 32)]), EndpointName = new($"{(i == 23 ? "loud" : "silent")}{i}.example", 1), AllowedIPs = [IPNetwork.Parse($"10.{i}.0.0/16")] })],
        });
        _netns.Resolver.Answer = "198.51.100.7";
        _netns.Resolver.Silent = "silent";
        _test.Up(stored);
        var clock = Stopwatch.StartNew();
        _test.WireGuard(stored);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"up took {clock.Elapsed}");
        Assert.Equal(["198.51.100.7:1"], Peers());
    }

    [Fact]
    public void A_link_whose_birthplace_is_gone_is_taken_away()
    {
        var stored = Named();
        _netns.Resolver.Answer = "198.51.100.7";
        _test.Up(stored);
        _test.WireGuard(stored);
        Shell.Run($"ip netns delete {_netns.Name}");
        Assert.Contains("there is no /run/netns", Assert.Throws<SystemFailure>(() => _test.WireGuard(stored)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_test.Interface, _test.In("ip -o link"), StringComparison.Ordinal);
    }

    [Fact]
    public void On_the_host_names_are_looked_up_as_everybody_does()
    {
        var stored = Named(plan => plan with { Birthplace = null, Peers = [plan.Peers[0] with { EndpointName = new("endpoint-of-hosts.example", 7) }] });
        Shell.Run("cp /etc/hosts /run/hosts; echo 198.51.100.77 endpoint-of-hosts.example >> /run/hosts; mount --bind /run/hosts /etc/hosts");
        try
        {
            _test.Up(stored);
            _test.WireGuard(stored);
            Assert.Equal(["198.51.100.77:7"], Peers());
        }
        finally
        {
            Shell.Run("umount /etc/hosts");
        }
    }

    [Fact]
    public void A_lookup_that_a_change_overtakes_does_not_bring_the_former_peers_back()
    {
        _netns.Resolver.Answer = "198.51.100.7";
        var changed = Named(plan => plan with { Peers = [plan.Peers[0] with { PublicKey = TestPlan.Key(Other), EndpointName = new("other.example", 51820) }] });
        _test.Up(changed);
        _test.WireGuard(changed);
        var former = Named().Plan;
        WireGuardUp.Run(former, _test.Log.Add, () => changed.Plan);
        Assert.Equal([Other], Keys());
        Wait(changed);
        WireGuardRefresh.Run(former, _test.Log.Add, () => changed.Plan);
        Assert.Equal([Other], Keys());
        Assert.Contains("the configuration was changed during the lookup", _test.Log);
    }

    [Fact]
    public void A_change_that_is_not_loaded_or_not_written_yet_is_left_to_apply()
    {
        _netns.Resolver.Answer = "198.51.100.7";
        var plan = Named();
        _test.Up(plan);
        WireGuardUp.Run(plan.Plan, _test.Log.Add, () => plan.Plan with { RulesetSha256 = new string('0', 64) });
        Assert.Equal(["198.51.100.7:51820"], Peers());
        WireGuardUp.Run(plan.Plan, _test.Log.Add, () => throw new SystemFailure("half written"));
        Assert.Equal(["198.51.100.7:51820"], Peers());
        Assert.Contains("going by the plan from before the lookup: half written", _test.Log);
    }

    // As if an interval had gone by.
    private void Wait(StoredPlan stored)
    {
        var path = StateLayout.EndpointRecord(_test.Name);
        var past = Environment.TickCount64 - (stored.Plan.WireGuard.Peers[0].RefreshSeconds * 1000L);
        File.WriteAllLines(path, File.ReadAllLines(path).Select(line => $"{line[..line.LastIndexOf(' ')]} {past}"));
    }

    private void Refresh(StoredPlan stored) => WireGuardRefresh.Run(stored.Plan, _test.Log.Add);

    private string LinkMtu() => _test.In($"ip -o link show {_test.Interface}").Split(" mtu ")[1].Split(' ')[0];

    private int? RecordedMtu() => WireGuardRecord.Load(_test.Name)!.Mtu;

    private string Userspace() => File.ReadAllText(StateLayout.WireGuardRecord(_test.Name));

    private List<string> Peers()
    {
        using var device = WireGuardStatus.Read(_test.Name)!;
        return [.. device.Peers.Select(peer => $"{peer.Endpoint}")];
    }

    private List<string> Keys()
    {
        using var device = WireGuardStatus.Read(_test.Name)!;
        return [.. device.Peers.Select(peer => $"{peer.PublicKey}")];
    }

    private StoredPlan Named(Func<WireGuardPlan, WireGuardPlan>? change = null) => _test.Stored(change: plan =>
    {
        var named = plan with { Birthplace = _netns.Name, Peers = [plan.Peers[0] with { Endpoint = null, EndpointName = new("vpn.example", 51820), RefreshSeconds = 60 }] };
        return change is null ? named : change(named);
    });
}
