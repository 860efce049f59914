using System.Net;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Core.Tests.Compile;

[Trait("guarantees", "S-15")]
public sealed class EndpointPinRulesetTests
{
    [Fact]
    public void The_mark_goes_to_the_endpoints_or_nowhere() => // S-15
        Assert.Equal(
            """
            table inet vpnc_endpoint_pin_ID {
            	counter pinned {
            	}

            	counter refused_pin {
            	}

            	set endpoints_v4 {
            		type ipv4_addr . inet_service
            		elements = { 198.51.100.7 . 51820 }
            	}

            	set endpoints_v6 {
            		type ipv6_addr . inet_service
            		elements = { 2001:db8::7 . 443, fe80::1 . 51820 }
            	}

            	chain output {
            		type filter hook output priority raw - 10; policy accept;
            		meta mark 0x0000ca6c ip daddr . udp dport @endpoints_v4 counter name "pinned" accept
            		meta mark 0x0000ca6c ip6 daddr . udp dport @endpoints_v6 counter name "pinned" accept
            		meta mark 0x0000ca6c counter name "refused_pin" drop
            	}
            }

            """.ReplaceLineEndings("\n").Replace("vpnc_endpoint_pin_ID", EndpointPinRuleset.Table(Name("media")), StringComparison.Ordinal),
            EndpointPinRuleset.Compile(Pinning(51820), [Endpoint("198.51.100.7:51820"), Endpoint("[fe80::1%2]:51820"), Endpoint("[2001:db8::7]:443"), Endpoint("198.51.100.7:51820")]));

    [Fact]
    public void Mark_0_would_drop_everything_and_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EndpointPinRuleset.Compile(Pinning(0), [Endpoint("198.51.100.7:51820")]));

    [Fact]
    public void Two_namespaces_have_two_tables() =>
        Assert.NotEqual(EndpointPinRuleset.Table(Name("a")), EndpointPinRuleset.Table(Name("b")));

    private static PinPlan Pinning(uint mark) => new() { Table = EndpointPinRuleset.Table(Name("media")), Mark = mark };

    private static NamespaceName Name(string text) => NamespaceName.TryParse(text, out var name) ? name : throw new ArgumentException(text);

    private static IPEndPoint Endpoint(string text) => IPEndPoint.Parse(text);
}
