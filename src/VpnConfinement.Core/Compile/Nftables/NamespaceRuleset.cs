using System.Net;
using System.Net.Sockets;
using System.Text;
using VpnConfinement.Model;

namespace VpnConfinement.Compile.Nftables;

/// <summary>
/// The ruleset of a namespace (docs/security.md, S-2 to S-6): one table, policy drop on every hook, replaced as one transaction. Every value
/// in it is a number, an address or a checked interface name, printed from its type and never from the user's text.
/// </summary>
public static class NamespaceRuleset
{
    /// <summary>Name of the table, family inet.</summary>
    public const string Table = "vpnc";

    // Ports of DNS, DNS over TLS and QUIC, mDNS and LLMNR.
    private const string BlockedDnsPorts = "53, 853, 5353, 5355";

    // What no tunnel can be meant for: this network, loopback, link-local with the metadata address, multicast, reserved and broadcast.
    private const string NeverTunnelIPv4 = "0.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16, 224.0.0.0/4, 240.0.0.0/4";
    private const string NeverTunnelIPv6 = "::/127, fe80::/10, ff00::/8";

    private const string Reject = "reject with icmpx type admin-prohibited";

    /// <summary>The text that nft loads into a netns without the table; over an older one it is loaded with that one's deletion before it.</summary>
    public static string Compile(ConfinedNamespace ns)
    {
        var text = new StringBuilder();
        text.Append("# Ruleset of the namespace ").Append(ns.Name).Append(", made by vpn-confinement; `vpn-confinement apply` writes it anew.\n");
        text.Append("table inet ").Append(Table).Append(" {\n");
        Counters(text);
        Sets(text, ns);
        Input(text, ns);
        Forward(text);
        Output(text, ns);
        return text.Append("}\n").ToString();
    }

    private static void Counters(StringBuilder text)
    {
        foreach (var name in RefusedCounters.All)
        {
            text.Append("\tcounter ").Append(name).Append(" {\n\t}\n\n");
        }
    }

    private static void Sets(StringBuilder text, ConfinedNamespace ns)
    {
        AddressSet(text, "dns_servers_v4", "ipv4_addr", ns.DnsServers, AddressFamily.InterNetwork);
        AddressSet(text, "tunnel_v4", "ipv4_addr", ns.WireGuard.Addresses.Select(a => a.Address), AddressFamily.InterNetwork);
        Set(text, "never_tunnel_v4", "ipv4_addr", "interval", NeverTunnelIPv4);
        if (ns.IPv6 == IPv6Mode.Tunnel)
        {
            AddressSet(text, "dns_servers_v6", "ipv6_addr", ns.DnsServers, AddressFamily.InterNetworkV6);
            AddressSet(text, "tunnel_v6", "ipv6_addr", ns.WireGuard.Addresses.Select(a => a.Address), AddressFamily.InterNetworkV6);
            Set(text, "never_tunnel_v6", "ipv6_addr", "interval", NeverTunnelIPv6);
        }

        Set(text, "dns_blocked_ports", "inet_service", null, BlockedDnsPorts);
        if (ns.HostLink is { } link)
        {
            Set(text, "host_tcp_ports", "inet_service", null, string.Join(", ", link.TcpPorts));
        }
    }

    private static void AddressSet(StringBuilder text, string name, string type, IEnumerable<IPAddress> addresses, AddressFamily family) =>
        Set(text, name, type, null, string.Join(", ", addresses.Where(a => a.AddressFamily == family).Distinct()));

    // nft refuses an empty element list, so a set without elements is declared without one: it matches nothing.
    private static void Set(StringBuilder text, string name, string type, string? flags, string elements)
    {
        text.Append("\tset ").Append(name).Append(" {\n\t\ttype ").Append(type).Append('\n');
        if (flags is not null)
        {
            text.Append("\t\tflags ").Append(flags).Append('\n');
        }

        if (elements.Length > 0)
        {
            text.Append("\t\telements = { ").Append(elements).Append(" }\n");
        }

        text.Append("\t}\n\n");
    }

    private static void Input(StringBuilder text, ConfinedNamespace ns)
    {
        text.Append("\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n");
        Rule(text, "iifname \"lo\" accept");
        Rule(text, Refuse("ct state invalid", RefusedCounters.Invalid, "drop"));
        if (ns.IPv6 == IPv6Mode.Disable)
        {
            Rule(text, Refuse("meta nfproto ipv6", RefusedCounters.IPv6, "drop"));
            Rule(text, Refuse("ip protocol 41", RefusedCounters.IPv6, "drop"));
        }

        if (ns.HostLink is { } link)
        {
            var fromHost = $"iifname \"{link.NamespaceInterface}\" ip saddr {link.HostAddress} ip daddr {link.NamespaceAddress}";
            Rule(text, fromHost + " ct direction original ct state established,related accept");
            Rule(text, fromHost + " ct state new tcp dport @host_tcp_ports tcp flags & (fin | syn | rst | ack) == syn accept");
            Rule(text, Refuse($"iifname \"{link.NamespaceInterface}\"", RefusedCounters.HostLink, "drop"));
        }

        Rule(text, $"iifname \"{ns.WireGuard.Interface}\" ip daddr @tunnel_v4 ct state established,related accept");
        if (ns.IPv6 == IPv6Mode.Tunnel)
        {
            Rule(text, $"iifname \"{ns.WireGuard.Interface}\" ip6 daddr @tunnel_v6 ct state established,related accept");
        }

        Rule(text, Refuse(null, RefusedCounters.Input, "drop"));
        text.Append("\t}\n\n");
    }

    private static void Forward(StringBuilder text)
    {
        text.Append("\tchain forward {\n\t\ttype filter hook forward priority filter; policy drop;\n");
        Rule(text, Refuse(null, RefusedCounters.Forward, "drop"));
        text.Append("\t}\n\n");
    }

    private static void Output(StringBuilder text, ConfinedNamespace ns)
    {
        text.Append("\tchain output {\n\t\ttype filter hook output priority filter; policy drop;\n");
        Rule(text, "oifname \"lo\" accept");
        Rule(text, Refuse("ct state invalid", RefusedCounters.Invalid, "drop"));
        if (ns.IPv6 == IPv6Mode.Disable)
        {
            Rule(text, Refuse("meta nfproto ipv6", RefusedCounters.IPv6, "drop"));
            Rule(text, Refuse("ip protocol 41", RefusedCounters.IPv6, "drop"));
        }

        if (ns.HostLink is { } link)
        {
            // Replies to the host and nothing else: a flow that began in the namespace never uses the host link, whatever its state.
            Rule(text, $"oifname \"{link.NamespaceInterface}\" ip saddr {link.NamespaceAddress} ip daddr {link.HostAddress} ct direction reply ct state established,related accept");
            Rule(text, Refuse($"oifname \"{link.NamespaceInterface}\"", RefusedCounters.HostLink, Reject));
        }

        Rule(text, Refuse($"oifname != \"{ns.WireGuard.Interface}\"", RefusedCounters.Egress, Reject));
        Rule(text, Refuse("ip daddr @never_tunnel_v4", RefusedCounters.Egress, Reject));
        Rule(text, Refuse("ip saddr != @tunnel_v4", RefusedCounters.Egress, Reject));
        if (ns.IPv6 == IPv6Mode.Tunnel)
        {
            Rule(text, Refuse("ip6 daddr @never_tunnel_v6", RefusedCounters.Egress, Reject));
            Rule(text, Refuse("ip6 saddr != @tunnel_v6", RefusedCounters.Egress, Reject));
        }

        Rule(text, "ct state established,related accept");
        Rule(text, Refuse("tcp flags & (fin | syn | rst | ack) != syn", RefusedCounters.Egress, "reject with tcp reset"));
        Rule(text, "ip daddr @dns_servers_v4 meta l4proto { tcp, udp } th dport 53 accept");
        if (ns.IPv6 == IPv6Mode.Tunnel)
        {
            Rule(text, "ip6 daddr @dns_servers_v6 meta l4proto { tcp, udp } th dport 53 accept");
        }

        Rule(text, Refuse("tcp dport @dns_blocked_ports", RefusedCounters.Dns, "reject with tcp reset"));
        Rule(text, Refuse("meta l4proto { udp, udplite, sctp, dccp } th dport @dns_blocked_ports", RefusedCounters.Dns, Reject));
        Rule(text, "ct state new accept");
        Rule(text, Refuse(null, RefusedCounters.Egress, Reject));
        text.Append("\t}\n");
    }

    private static string Refuse(string? match, string counter, string verdict) =>
        (match is null ? "" : match + " ") + $"counter name \"{counter}\" {verdict}";

    private static void Rule(StringBuilder text, string rule) => text.Append("\t\t").Append(rule).Append('\n');
}
