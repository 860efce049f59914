using VpnConfinement.Model;

namespace VpnConfinement.Compile.Nftables;

/// <summary>What may leave.</summary>
internal static class OutputChain
{
    internal static void Write(RulesetText text, ConfinedNamespace ns)
    {
        text.Chain("output");
        NamespaceRuleset.Begin(text, ns, "oifname");
        if (ns.HostLink is { } link)
        {
            // S-5: replies to the host and nothing else; a flow that began in the namespace never uses the host link, whatever its state.
            text.Accept($"oifname \"{link.NamespaceInterface}\" ip saddr {link.NamespaceAddress} ip daddr {link.HostAddress} ct direction reply");
            text.Reject($"oifname \"{link.NamespaceInterface}\"", RefusedCounters.HostLink);
        }

        // S-3: from here on there is only the tunnel, its own source addresses, and destinations that can lie beyond it.
        text.Reject($"oifname != \"{ns.WireGuard.Interface}\"", RefusedCounters.Egress);
        foreach (var (family, suffix) in Families(ns))
        {
            text.Reject($"{family} daddr @never_tunnel_{suffix}", RefusedCounters.Egress);
            text.Reject($"{family} saddr != @tunnel_{suffix}", RefusedCounters.Egress);
        }

        KnownFlows(text, ns);
        text.Reset($"{NamespaceRuleset.FlagsOfTcp} != syn", RefusedCounters.Egress);
        if (ns.DnsMode == DnsMode.Strict)
        {
            Dns(text, ns);
        }

        if (ns.Egress.Mode == EgressMode.AllowAllTunnel)
        {
            text.Accept("ct state new");
        }
        else
        {
            Listed(text, ns);
        }

        text.Reject(null, RefusedCounters.Egress);
        text.Line("\t}");
    }

    private static void KnownFlows(RulesetText text, ConfinedNamespace ns)
    {
        if (ns.Egress.Mode == EgressMode.AllowAllTunnel)
        {
            text.Accept("ct state established,related");
            return;
        }

        text.Accept("ct state established");
        var anywhere = ns.Egress.Cidrs.Count == 0;
        if (!ns.Egress.EssentialIcmp || (anywhere && !HasPorts(ns.Egress)))
        {
            return;
        }

        // Such an error is about a packet of a known flow; one about nothing known is invalid and has been dropped.
        text.Accept($"{(anywhere ? "" : "ip daddr @allowed_v4 ")}icmp type {{ destination-unreachable, time-exceeded, parameter-problem }}");
        if (ns.IPv6 == IPv6Mode.Tunnel)
        {
            text.Accept($"{(anywhere ? "" : "ip6 daddr @allowed_v6 ")}icmpv6 type {{ destination-unreachable, packet-too-big, time-exceeded, parameter-problem }}");
        }
    }

    // S-4: the pinned resolvers, then nobody, over every protocol that has ports.
    private static void Dns(RulesetText text, ConfinedNamespace ns)
    {
        foreach (var (family, suffix) in Families(ns))
        {
            text.Accept($"{family} daddr @dns_servers_{suffix} meta l4proto {{ tcp, udp }} th dport 53");
        }

        text.Reset("tcp dport @dns_blocked_ports", RefusedCounters.Dns);
        text.Reject("meta l4proto { udp, udplite, sctp, dccp } th dport @dns_blocked_ports", RefusedCounters.Dns);
    }

    // Listed ports to listed prefixes; where there is only one list, that one alone; where there is none, nothing.
    private static void Listed(RulesetText text, ConfinedNamespace ns)
    {
        var egress = ns.Egress;
        IEnumerable<string> destinations = egress.Cidrs.Count == 0 ? [""] : Families(ns).Select(f => $"{f.Family} daddr @allowed_{f.Suffix} ");
        foreach (var destination in destinations)
        {
            if (!HasPorts(egress))
            {
                if (destination.Length > 0)
                {
                    text.Accept(destination + "ct state new");
                }

                continue;
            }

            if (egress.TcpPorts.Count > 0)
            {
                text.Accept(destination + "tcp dport @allowed_tcp_ports");
            }

            if (egress.UdpPorts.Count > 0)
            {
                text.Accept(destination + "udp dport @allowed_udp_ports");
            }
        }
    }

    private static bool HasPorts(Egress egress) => egress.TcpPorts.Count + egress.UdpPorts.Count > 0;

    private static IEnumerable<(string Family, string Suffix)> Families(ConfinedNamespace ns) =>
        ns.IPv6 == IPv6Mode.Tunnel ? [("ip", "v4"), ("ip6", "v6")] : [("ip", "v4")];
}
