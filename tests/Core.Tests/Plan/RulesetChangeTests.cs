using System.Net;
using VpnConfinement.Plan;

namespace VpnConfinement.Tests.Plan;

public sealed class RulesetChangeTests
{
    private static readonly IPAddress Anywhere = IPAddress.Parse("203.0.113.9");

    [Fact]
    public void Ports_that_are_no_longer_allowed_end_their_flows_and_no_others()
    {
        var change = RulesetChange.Between(Text(ports: "80, 443, 9091"), Text(ports: "443, 9099"));
        Assert.True(change.ClosesAnything);
        Assert.False(change.EndsEverything);
        Assert.True(change.Ends(RulesetChange.Tcp, 9091, Anywhere));
        Assert.True(change.Ends(RulesetChange.Tcp, 80, Anywhere));
        Assert.False(change.Ends(RulesetChange.Tcp, 443, Anywhere));
        Assert.False(change.Ends(RulesetChange.Udp, 80, Anywhere));
        Assert.False(RulesetChange.Between(Text(ports: "80"), Text(ports: "80, 81")).ClosesAnything);
    }

    [Fact]
    public void Prefixes_that_are_no_longer_allowed_end_what_no_other_allows()
    {
        var change = RulesetChange.Between(Text(allowed: "203.0.113.0/24, 198.51.100.7/32, 192.0.2.0/24"), Text(allowed: "203.0.113.0/28"));
        Assert.False(change.Ends(RulesetChange.Tcp, 1, Anywhere));
        Assert.True(change.Ends(RulesetChange.Tcp, 1, IPAddress.Parse("203.0.113.99")));
        Assert.True(change.Ends(1, 0, IPAddress.Parse("198.51.100.7")));
        Assert.False(change.Ends(1, 0, IPAddress.Parse("198.51.100.8")));
        Assert.False(change.Ends(1, 0, IPAddress.Parse("2001:db8::1")));
        Assert.True(RulesetChange.Between(Text(allowed: "192.0.2.0/24"), Text()).Ends(1, 0, IPAddress.Parse("192.0.2.1")));
    }

    // Only rules that accept ask these: without the rule it is as with an empty list.
    [Theory]
    [InlineData("host_tcp_ports", "iifname \"vn-1\" tcp dport @host_tcp_ports tcp flags & (fin | syn | rst | ack) == syn accept", RulesetChange.Tcp)]
    [InlineData("tunnel_tcp_ports", "iifname \"wg0\" tcp dport @tunnel_tcp_ports tcp flags & (fin | syn | rst | ack) == syn accept", RulesetChange.Tcp)]
    [InlineData("tunnel_udp_ports", "iifname \"wg0\" udp dport @tunnel_udp_ports accept", RulesetChange.Udp)]
    public void A_first_port_ends_nothing_and_a_last_one_its_own_flows(string set, string rule, byte protocol)
    {
        const string Without = "table inet vpnc {\n\tchain input {\n\t}\n}\n";
        var with = $"table inet vpnc {{\n\tset {set} {{\n\t\ttype inet_service\n\t\telements = {{ 81, 80 }}\n\t}}\n\n\tchain input {{\n\t\t{rule}\n\t}}\n}}\n";
        Assert.False(RulesetChange.Between(Without, with).ClosesAnything);
        var closed = RulesetChange.Between(with, Without);
        Assert.False(closed.EndsEverything);
        Assert.True(closed.Ends(protocol, 80, Anywhere));
        Assert.False(closed.Ends(protocol, 82, Anywhere));
        Assert.False(closed.Ends((byte)(RulesetChange.Tcp + RulesetChange.Udp - protocol), 80, Anywhere));
    }

    [Fact]
    public void What_widens_to_everything_ends_nothing_and_what_narrows_from_it_everything()
    {
        const string All = "\t\tct state established,related accept\n\t\tudp dport @x reject\n\t\tct state new accept\n";
        const string Prefixes = "\tset allowed_v4 {\n\t\telements = { 192.0.2.0/24 }\n\t}\n\t\tct state established accept\n\t\tudp dport @x reject\n\t\tip daddr @allowed_v4 ct state new accept\n";
        const string Ports = "\tset allowed_tcp_ports {\n\t\telements = { 80 }\n\t}\n\t\tct state established accept\n\t\ticmp type { time-exceeded }\n\t\tudp dport @x reject\n\t\ttcp dport @allowed_tcp_ports accept\n";
        foreach (var listed in (string[])[Prefixes, Ports])
        {
            Assert.False(RulesetChange.Between(listed, All).ClosesAnything);
            Assert.True(RulesetChange.Between(All, listed).EndsEverything);
            Assert.False(RulesetChange.Between(listed, listed).ClosesAnything);
            Assert.True(RulesetChange.Between(listed, All.Replace("udp dport @x reject\n", "", StringComparison.Ordinal)).EndsEverything);
        }

        Assert.True(RulesetChange.Between(Prefixes, Ports).EndsEverything);
        Assert.True(RulesetChange.Between(Ports, Ports.Replace("\t\ticmp type { time-exceeded }\n", "", StringComparison.Ordinal)).EndsEverything);
    }

    [Fact]
    public void With_whatever_else_every_flow_ends()
    {
        Assert.False(RulesetChange.Between(Text(), Text()).ClosesAnything);
        foreach (var other in (string[])[
            Text().Replace("10.64.0.1", "10.64.0.2", StringComparison.Ordinal),
            Text().Replace("policy drop", "policy accept", StringComparison.Ordinal),
            Text().Replace("set dns_servers_v4 {", "set dns_servers_v6 {", StringComparison.Ordinal),
            Text().Replace("type filter hook input", "type filter hook output", StringComparison.Ordinal)])
        {
            var change = RulesetChange.Between(Text(), other);
            Assert.True(change.EndsEverything);
            Assert.True(change.ClosesAnything);
            Assert.True(change.Ends(17, 1, Anywhere));
            Assert.True(change.Ends(1, 0, IPAddress.IPv6Loopback));
        }
    }

    private static string Text(string ports = "80", string? allowed = null) => $$"""
        table inet vpnc {
        	set dns_servers_v4 {
        		type ipv4_addr
        		elements = { 10.64.0.1 }
        	}

        	set allowed_v4 {
        		type ipv4_addr
        		flags interval
        {{(allowed is null ? "" : $"\t\telements = {{ {allowed} }}\n")}}	}

        	set host_tcp_ports {
        		type inet_service
        		elements = { {{ports}} }
        	}

        	chain input {
        		type filter hook input priority filter; policy drop;
        	}
        }
        """;
}
