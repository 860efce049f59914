using System.Net;
using VpnConfinement.Plan;

namespace VpnConfinement.Tests.Plan;

public sealed class RulesetChangeTests
{
    private static readonly IPAddress Anywhere = IPAddress.Parse("203.0.113.9");

    [Fact]
    public void Ports_that_are_no_longer_allowed_end_their_flows_and_no_others()
    {
        var change = RulesetChange.Between(Text(ports: "80, 443, 9091"), Text(ports: "443, 9099"))!;
        Assert.True(change.ClosesAnything);
        Assert.True(change.Ends(RulesetChange.Tcp, 9091, Anywhere));
        Assert.True(change.Ends(RulesetChange.Tcp, 80, Anywhere));
        Assert.False(change.Ends(RulesetChange.Tcp, 443, Anywhere));
        Assert.False(change.Ends(RulesetChange.Udp, 80, Anywhere));
        Assert.False(RulesetChange.Between(Text(ports: "80"), Text(ports: "80, 81"))!.ClosesAnything);
    }

    [Fact]
    public void Prefixes_that_are_no_longer_allowed_end_what_no_other_allows()
    {
        var change = RulesetChange.Between(Text(allowed: "203.0.113.0/24, 198.51.100.7/32, 192.0.2.0/24"), Text(allowed: "203.0.113.0/28"))!;
        Assert.False(change.Ends(RulesetChange.Tcp, 1, Anywhere));
        Assert.True(change.Ends(RulesetChange.Tcp, 1, IPAddress.Parse("203.0.113.99")));
        Assert.True(change.Ends(1, 0, IPAddress.Parse("198.51.100.7")));
        Assert.False(change.Ends(1, 0, IPAddress.Parse("198.51.100.8")));
        Assert.False(change.Ends(1, 0, IPAddress.Parse("2001:db8::1")));
        Assert.True(RulesetChange.Between(Text(allowed: "192.0.2.0/24"), Text())!.Ends(1, 0, IPAddress.Parse("192.0.2.1")));
    }

    [Fact]
    public void Whatever_else_differs_is_another_ruleset()
    {
        Assert.NotNull(RulesetChange.Between(Text(), Text()));
        Assert.Null(RulesetChange.Between(Text(), Text().Replace("10.64.0.1", "10.64.0.2", StringComparison.Ordinal)));
        Assert.Null(RulesetChange.Between(Text(), Text().Replace("policy drop", "policy accept", StringComparison.Ordinal)));
        Assert.Null(RulesetChange.Between(Text(), Text().Replace("host_tcp_ports {", "tunnel_tcp_ports {", StringComparison.Ordinal)));
        Assert.Null(RulesetChange.Between(Text(), Text() + "\tset host_tcp_ports {\n\t}\n"));
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
