using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Compile.Nftables;

/// <summary>What may leave.</summary>
internal static class OutputChain
{
    internal static IEnumerable<Rule> Of(NamespacePlan plan, PolicyPlan policy)
    {
        var families = NamespaceRuleset.Families(plan);
        return
        [
            .. NamespaceRuleset.Begin(plan, Match.OutByLoopback),
            .. plan.HostLink is { } link ? HostLink(link) : [],

            // S-3: from here on there is only the tunnel, its own source addresses, and destinations that can lie beyond it.
            Refuse(Match.OutByAnyBut(plan.WireGuard.Interface)),
            .. families.SelectMany(f =>
                (Rule[])[Refuse(Match.ToSet(f, "never_tunnel")), Refuse(Match.FromOutside(f, "tunnel"))]),
            .. KnownFlows(families, policy.Egress),
            new Rule(Verdict.Reset, RefusedCounters.Egress, Match.NoBareSyn),
            .. policy.DnsMode == DnsMode.Strict ? Dns(families) : [],
            .. policy.Egress.Mode == EgressMode.AllowAllTunnel ? [Rule.Accept(Match.New)] : Listed(families, policy.Egress),
            Refuse(),
        ];
    }

    private static Rule Refuse(params IReadOnlyList<Match> matches) => new(Verdict.Reject, RefusedCounters.Egress, matches);

    // S-5: replies to the host and nothing else; a flow that began in the namespace never uses the host link, whatever its state.
    private static IEnumerable<Rule> HostLink(HostLinkPlan link)
    {
        var byLink = Match.Out(link.NamespaceInterface);
        return
        [
            Rule.Accept(byLink, Match.From(link.NamespaceAddress), Match.To(link.HostAddress), Match.Back),
            new Rule(Verdict.Reject, RefusedCounters.HostLink, byLink),
        ];
    }

    private static IEnumerable<Rule> KnownFlows(IReadOnlyList<IpFamily> families, Egress egress)
    {
        if (egress.Mode == EgressMode.AllowAllTunnel)
        {
            return [Rule.Accept(Match.EstablishedOrRelated)];
        }

        // Such an error is about a packet of a known flow; one about nothing known is invalid and has been dropped.
        var anywhere = egress.Cidrs.Count == 0;
        return
        [
            Rule.Accept(Match.Established),
            .. !egress.EssentialIcmp || (anywhere && !HasPorts(egress)) ? [] : families.Select(f => anywhere
                ? Rule.Accept(Match.EssentialIcmp(f))
                : Rule.Accept(Match.ToSet(f, "allowed"), Match.EssentialIcmp(f))),
        ];
    }

    // S-4: the pinned resolvers, then nobody, over every protocol that has ports.
    private static IEnumerable<Rule> Dns(IReadOnlyList<IpFamily> families) =>
    [
        .. families.Select(f => Rule.Accept(Match.ToSet(f, "dns_servers"), Match.TcpOrUdp, Match.ToPort(53))),
        new Rule(Verdict.Reset, RefusedCounters.Dns, Match.ToTcpPort("dns_blocked_ports")),
        new Rule(Verdict.Reject, RefusedCounters.Dns, Match.WithPortsNotTcp, Match.ToPort("dns_blocked_ports")),
    ];

    // Listed ports to listed prefixes; where there is only one list, that one alone; where there is none, nothing.
    private static IEnumerable<Rule> Listed(IReadOnlyList<IpFamily> families, Egress egress)
    {
        IEnumerable<Match[]> destinations =
            egress.Cidrs.Count == 0 ? [[]] : families.Select(f => (Match[])[Match.ToSet(f, "allowed")]);
        IReadOnlyList<Match> what = HasPorts(egress)
            ? [.. Ports(egress.TcpPorts, Match.ToTcpPort("allowed_tcp_ports")), .. Ports(egress.UdpPorts, Match.ToUdpPort("allowed_udp_ports"))]
            : egress.Cidrs.Count > 0 ? [Match.New] : [];
        return destinations.SelectMany(to => what.Select(match => Rule.Accept([.. to, match])));
    }

    private static IEnumerable<Match> Ports(IReadOnlyList<ushort> ports, Match match) => ports.Count > 0 ? [match] : [];

    private static bool HasPorts(Egress egress) => egress.TcpPorts.Count + egress.UdpPorts.Count > 0;
}
