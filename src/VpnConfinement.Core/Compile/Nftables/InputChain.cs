using VpnConfinement.Model;

namespace VpnConfinement.Compile.Nftables;

/// <summary>What may come in.</summary>
internal static class InputChain
{
    private const string BareSyn = NamespaceRuleset.FlagsOfTcp + " == syn";

    internal static void Write(RulesetText text, ConfinedNamespace ns)
    {
        text.Chain("input");
        NamespaceRuleset.Begin(text, ns, "iifname");
        if (ns.HostLink is { } link)
        {
            HostLink(text, link);
        }

        Tunnel(text, ns, "ip", "v4");
        if (ns.IPv6 == IPv6Mode.Tunnel)
        {
            Tunnel(text, ns, "ip6", "v6");
        }

        text.Drop(null, RefusedCounters.Input);
        text.Line("\t}");
    }

    // S-5: from the host's own address to the link's own, what the host began.
    private static void HostLink(RulesetText text, HostLink link)
    {
        var fromHost = $"iifname \"{link.NamespaceInterface}\" ip saddr {link.HostAddress} ip daddr {link.NamespaceAddress}";
        text.Accept($"{fromHost} ct direction original ct state established,related");
        if (link.TcpPorts.Count > 0)
        {
            text.Accept($"{fromHost} tcp dport @host_tcp_ports {BareSyn}");
        }

        text.Drop($"iifname \"{link.NamespaceInterface}\"", RefusedCounters.HostLink);
    }

    // S-3: to the tunnel's own addresses, from an address that can lie beyond it; above all never from the host link's.
    private static void Tunnel(RulesetText text, ConfinedNamespace ns, string family, string suffix)
    {
        text.Drop($"{family} saddr @never_tunnel_{suffix}", RefusedCounters.Input);
        var toTunnel = $"iifname \"{ns.WireGuard.Interface}\" {family} daddr @tunnel_{suffix}";
        text.Accept($"{toTunnel} ct state established,related");
        if (ns.FromTunnelTcp.Count > 0)
        {
            text.Accept($"{toTunnel} tcp dport @tunnel_tcp_ports {BareSyn}");
        }

        if (ns.FromTunnelUdp.Count > 0)
        {
            text.Accept($"{toTunnel} udp dport @tunnel_udp_ports");
        }
    }
}
