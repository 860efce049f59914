using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Compile.Nftables;

/// <summary>What may come in.</summary>
internal static class InputChain
{
    internal static IEnumerable<Rule> Of(NamespacePlan plan, PolicyPlan policy) =>
    [
        .. NamespaceRuleset.Begin(plan, Match.InByLoopback),
        .. plan.HostLink is { } link ? HostLink(link, policy) : [],
        .. NamespaceRuleset.Families(plan).SelectMany(f => Tunnel(plan.WireGuard.Interface, policy, f)),
        new Rule(Verdict.Drop, RefusedCounters.Input),
    ];

    // S-5: from the host's own address to the link's own, what the host began.
    private static IEnumerable<Rule> HostLink(HostLinkPlan link, PolicyPlan policy)
    {
        var byLink = Match.In(link.NamespaceInterface);
        Match[] fromHost = [byLink, Match.From(link.HostAddress), Match.To(link.NamespaceAddress)];
        yield return Rule.Accept([.. fromHost, Match.Onward, Match.EstablishedOrRelated]);
        if (policy.HostTcpPorts.Count > 0)
        {
            yield return Rule.Accept([.. fromHost, Match.ToTcpPort("host_tcp_ports"), Match.BareSyn]);
        }

        yield return new Rule(Verdict.Drop, RefusedCounters.HostLink, byLink);
    }

    // S-3: to the tunnel's own addresses, from an address that can lie beyond it; above all never from the host link's.
    private static IEnumerable<Rule> Tunnel(InterfaceName tunnel, PolicyPlan policy, IpFamily family)
    {
        yield return new Rule(Verdict.Drop, RefusedCounters.Input, Match.FromSet(family, "never_tunnel"));
        Match[] toTunnel = [Match.In(tunnel), Match.ToSet(family, "tunnel")];
        yield return Rule.Accept([.. toTunnel, Match.EstablishedOrRelated]);
        if (policy.FromTunnelTcp.Count > 0)
        {
            yield return Rule.Accept([.. toTunnel, Match.ToTcpPort("tunnel_tcp_ports"), Match.BareSyn]);
        }

        if (policy.FromTunnelUdp.Count > 0)
        {
            yield return Rule.Accept([.. toTunnel, Match.ToUdpPort("tunnel_udp_ports")]);
        }
    }
}
