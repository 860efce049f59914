using System.Net;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Core.Tests.Plan;

public sealed class PolicyDifferenceTests
{
    [Fact]
    public void Each_thing_that_changes_is_named_with_what_goes_and_what_comes()
    {
        var before = RulesetChangeTests.Policy with { HostTcpPorts = [80, 9091] };
        Assert.Empty(PolicyDifference.Between(before, before));
        Assert.Equal(
            ["-TCP ports that the host may call: 9091", "+TCP ports that the host may call: 9092, 9093"],
            PolicyDifference.Between(before, before with { HostTcpPorts = [80, 9092, 9093] }));
        Assert.Equal(
            [
                "-DNS: only the listed resolvers",
                "+DNS: any resolver",
                "-resolvers: 10.64.0.1",
                "+TCP ports that are open through the tunnel: 1",
                "+UDP ports that are open through the tunnel: 2",
                "-what may leave through the tunnel: everything",
                "+what may leave through the tunnel: what is listed",
                "+TCP ports that may be called: 3",
                "+UDP ports that may be called: 4",
                "+prefixes that may be called: 192.0.2.0/24",
                "-ICMP errors to them: may not leave",
                "+ICMP errors to them: may leave",
            ],
            PolicyDifference.Between(before, before with
            {
                DnsMode = DnsMode.Compat,
                DnsServers = [],
                FromTunnelTcp = [1],
                FromTunnelUdp = [2],
                Egress = new Egress
                {
                    Mode = EgressMode.AllowList,
                    TcpPorts = [3],
                    UdpPorts = [4],
                    Cidrs = [IPNetwork.Parse("192.0.2.0/24")],
                    EssentialIcmp = true,
                },
            }));
    }
}
