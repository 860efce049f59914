using System.Net;
using System.Text.RegularExpressions;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Core.Tests.Drift;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Core.Tests.Plan;

public sealed partial class RulesetChangeTests
{
    private static readonly IPAddress Anywhere = IPAddress.Parse("203.0.113.9");

    private static readonly Egress All = new()
    {
        Mode = EgressMode.AllowAllTunnel, TcpPorts = [], UdpPorts = [], Cidrs = [], EssentialIcmp = false,
    };

    internal static PolicyPlan Policy { get; } = new()
    {
        DnsMode = DnsMode.Strict,
        DnsServers = [IPAddress.Parse("10.64.0.1")],
        Egress = All,
        HostTcpPorts = [],
        FromTunnelTcp = [],
        FromTunnelUdp = [],
    };

    [Fact]
    public void Ports_that_are_no_longer_allowed_end_their_flows_and_no_others()
    {
        var change = RulesetChange.Between(Policy with { HostTcpPorts = [80, 443, 9091] }, Policy with { HostTcpPorts = [443, 9099] });
        Assert.True(change.ClosesAnything);
        Assert.False(change.EndsEverything);
        Assert.True(change.Ends(RulesetChange.Tcp, 9091, Anywhere));
        Assert.True(change.Ends(RulesetChange.Tcp, 80, Anywhere));
        Assert.False(change.Ends(RulesetChange.Tcp, 443, Anywhere));
        Assert.False(change.Ends(RulesetChange.Udp, 80, Anywhere));
        Assert.False(RulesetChange.Between(Policy with { HostTcpPorts = [80] }, Policy with { HostTcpPorts = [80, 81] }).ClosesAnything);
    }

    [Fact]
    public void Prefixes_that_are_no_longer_allowed_end_what_no_other_allows()
    {
        var change = RulesetChange.Between(
            To("203.0.113.0/24", "198.51.100.7/32", "192.0.2.0/24"), To("203.0.113.0/28"));
        Assert.False(change.EndsEverything);
        Assert.False(change.Ends(RulesetChange.Tcp, 1, Anywhere));
        Assert.True(change.Ends(RulesetChange.Tcp, 1, IPAddress.Parse("203.0.113.99")));
        Assert.True(change.Ends(1, 0, IPAddress.Parse("198.51.100.7")));
        Assert.False(change.Ends(1, 0, IPAddress.Parse("198.51.100.8")));
        Assert.False(change.Ends(1, 0, IPAddress.Parse("2001:db8::1")));
        Assert.False(RulesetChange.Between(To("192.0.2.0/24"), To("192.0.2.0/24", "198.51.100.0/24")).ClosesAnything);
    }

    // Only rules that accept ask these: without the rule it is as with an empty list.
    [Fact]
    public void A_first_port_ends_nothing_and_a_last_one_its_own_flows()
    {
        foreach (var (with, protocol) in new[]
        {
            (Policy with { HostTcpPorts = [80, 81] }, RulesetChange.Tcp),
            (Policy with { FromTunnelTcp = [80, 81] }, RulesetChange.Tcp),
            (Policy with { FromTunnelUdp = [80, 81] }, RulesetChange.Udp),
        })
        {
            Assert.False(RulesetChange.Between(Policy, with).ClosesAnything);
            var closed = RulesetChange.Between(with, Policy);
            Assert.False(closed.EndsEverything);
            Assert.True(closed.Ends(protocol, 80, Anywhere));
            Assert.False(closed.Ends(protocol, 82, Anywhere));
            Assert.False(closed.Ends((byte)(RulesetChange.Tcp + RulesetChange.Udp - protocol), 80, Anywhere));
        }
    }

    [Fact]
    public void What_widens_to_everything_ends_nothing_and_what_narrows_from_it_everything()
    {
        var ports = Policy with { Egress = Listed with { TcpPorts = [80], EssentialIcmp = true } };
        foreach (var listed in (PolicyPlan[])[To("192.0.2.0/24"), ports])
        {
            Assert.False(RulesetChange.Between(listed, Policy).ClosesAnything);
            Assert.True(RulesetChange.Between(Policy, listed).EndsEverything);
            Assert.False(RulesetChange.Between(listed, listed).ClosesAnything);
            Assert.True(RulesetChange.Between(listed, Policy with { DnsServers = [] }).EndsEverything);
        }

        // Other rules, whatever their lists.
        foreach (var other in (Egress[])[
            Listed with { TcpPorts = [80] },
            Listed with { TcpPorts = [80], UdpPorts = [80], EssentialIcmp = true },
            Listed with { UdpPorts = [80], EssentialIcmp = true },
            Listed with { EssentialIcmp = true },
            Listed with { TcpPorts = [80], Cidrs = [IPNetwork.Parse("192.0.2.0/24")], EssentialIcmp = true }])
        {
            Assert.True(RulesetChange.Between(ports, Policy with { Egress = other }).EndsEverything);
            Assert.True(RulesetChange.Between(Policy with { Egress = other }, ports).EndsEverything);
        }

        var fewer = RulesetChange.Between(ports with { Egress = ports.Egress with { TcpPorts = [80, 443] } }, ports);
        Assert.False(fewer.EndsEverything);
        Assert.True(fewer.Ends(RulesetChange.Tcp, 443, Anywhere));
    }

    [Fact]
    public void With_whatever_else_every_flow_ends()
    {
        Assert.False(RulesetChange.Between(Policy, Policy).ClosesAnything);
        foreach (var change in (RulesetChange[])[
            RulesetChange.Between(Policy, Policy with { DnsServers = [IPAddress.Parse("10.64.0.2")] }),
            RulesetChange.Between(Policy, Policy with { DnsMode = DnsMode.Compat }),
            RulesetChange.Everything])
        {
            Assert.True(change.EndsEverything);
            Assert.True(change.ClosesAnything);
            Assert.True(change.Ends(17, 1, Anywhere));
            Assert.True(change.Ends(1, 0, IPAddress.IPv6Loopback));
        }
    }

    // What a policy is may reach more of the ruleset than this class knows of.
    [Fact]
    public void Where_not_every_flow_ends_the_rulesets_differ_in_lists_and_what_asks_them_alone()
    {
        var all = Policies().Select(p => (Policy: p, Text: NamespaceRuleset.Compile(NamespaceSample.Planned, p))).ToList();
        // The resolvers of one that is open are in no rule.
        Assert.Equal(324, all.Select(p => p.Text).Distinct().Count());
        var rests = all.ToDictionary(p => p.Policy, p => (Kept: Lists().Replace(p.Text, ""), Widened: Leaving().Replace(Lists().Replace(p.Text, ""), "")));
        foreach (var (before, _) in all)
        {
            foreach (var (after, _) in all.Where(p => !RulesetChange.Between(before, p.Policy).EndsEverything))
            {
                var widened = after.Egress.Mode == EgressMode.AllowAllTunnel;
                Assert.Equal(widened ? rests[before].Widened : rests[before].Kept, widened ? rests[after].Widened : rests[after].Kept);
            }
        }
    }

    private static IEnumerable<PolicyPlan> Policies() =>
        from mode in (DnsMode[])[DnsMode.Strict, DnsMode.Compat]
        from servers in (IPAddress[][])[[Anywhere], [Anywhere, IPAddress.Parse("10.64.0.1")]]
        from host in (ushort[][])[[], [80]]
        from tcp in (ushort[][])[[], [80], [80, 81]]
        from udp in (ushort[][])[[], [80]]
        from egress in (Egress[])[
            All,
            Listed,
            Listed with { TcpPorts = [80] },
            Listed with { TcpPorts = [80, 443] },
            Listed with { UdpPorts = [80] },
            Listed with { UdpPorts = [80], EssentialIcmp = true },
            To("192.0.2.0/24").Egress,
            To("192.0.2.0/24").Egress with { TcpPorts = [80], EssentialIcmp = true },
            To("192.0.2.0/24", "2001:db8::/32").Egress with { EssentialIcmp = true }]
        select new PolicyPlan { DnsMode = mode, DnsServers = servers, Egress = egress, HostTcpPorts = host, FromTunnelTcp = tcp, FromTunnelUdp = udp };

    [GeneratedRegex(@"\tset (?:(?:host|tunnel|allowed)_(?:tcp|udp)_ports|allowed_v4) \{\n(?:\t\t.*\n)*\t\}\n\n|.* @(?:host|tunnel)_(?:tcp|udp)_ports .*\n")]
    private static partial Regex Lists();

    [GeneratedRegex(@"\t\t(?:ct state (?:new|established|established,related) accept|.*@allowed_.*|icmp type .*)\n")]
    private static partial Regex Leaving();

    private static Egress Listed => All with { Mode = EgressMode.AllowList };

    private static PolicyPlan To(params string[] prefixes) =>
        Policy with { Egress = Listed with { Cidrs = [.. prefixes.Select(IPNetwork.Parse)] } };
}
