using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VpnConfinement.Model;

namespace VpnConfinement.Compile.Nftables;

/// <summary>The named sets of a namespace's ruleset; a set that no rule asks is left out.</summary>
internal static class NamespaceSets
{
    // What no tunnel can be meant for: this network, loopback, link-local with the metadata address, multicast, reserved and broadcast.
    private static readonly IPNetwork[] NeverTunnelIPv4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"),
    ];

    private static readonly string[] NeverTunnelIPv6 = ["::/127", "fe80::/10", "ff00::/8"];

    // Ports of DNS, DNS over TLS and QUIC, mDNS and LLMNR.
    private static readonly ushort[] BlockedDnsPorts = [53, 853, 5353, 5355];

    internal static void Write(RulesetText text, ConfinedNamespace ns)
    {
        Family(text, ns, "v4", "ipv4_addr", AddressFamily.InterNetwork, NeverTunnel(ns));
        if (ns.IPv6 == IPv6Mode.Tunnel)
        {
            Family(text, ns, "v6", "ipv6_addr", AddressFamily.InterNetworkV6, NeverTunnelIPv6);
        }

        if (ns.DnsMode == DnsMode.Strict)
        {
            Ports(text, "dns_blocked_ports", BlockedDnsPorts);
        }

        Ports(text, "host_tcp_ports", ns.HostLink?.TcpPorts ?? []);
        Ports(text, "tunnel_tcp_ports", ns.FromTunnelTcp);
        Ports(text, "tunnel_udp_ports", ns.FromTunnelUdp);
        if (ns.Egress.Mode == EgressMode.AllowList)
        {
            Ports(text, "allowed_tcp_ports", ns.Egress.TcpPorts);
            Ports(text, "allowed_udp_ports", ns.Egress.UdpPorts);
        }
    }

    private static void Family(RulesetText text, ConfinedNamespace ns, string suffix, string type, AddressFamily family, IEnumerable<string> neverTunnel)
    {
        if (ns.DnsMode == DnsMode.Strict)
        {
            Addresses(text, "dns_servers_" + suffix, type, ns.DnsServers.Where(a => a.AddressFamily == family));
        }

        Addresses(text, "tunnel_" + suffix, type, ns.WireGuard.Addresses.Select(a => a.Address).Where(a => a.AddressFamily == family));
        text.Set("never_tunnel_" + suffix, type, interval: true, neverTunnel);
        if (ns.Egress is { Mode: EgressMode.AllowList, Cidrs.Count: > 0 })
        {
            // One list: libnftables reads ten thousand prefixes in it in the time of a few hundred commands.
            text.Set("allowed_" + suffix, type, interval: true, ns.Egress.Cidrs.Where(c => c.BaseAddress.AddressFamily == family).Select(c => c.ToString()));
        }
    }

    private static void Addresses(RulesetText text, string name, string type, IEnumerable<IPAddress> addresses) =>
        text.Set(name, type, interval: false, addresses.Distinct().Select(a => a.ToString()));

    private static void Ports(RulesetText text, string name, IReadOnlyList<ushort> ports)
    {
        if (ports.Count > 0)
        {
            text.Set(name, "inet_service", interval: false, ports.Select(p => p.ToString(CultureInfo.InvariantCulture)));
        }
    }

    // With the host link's subnet and the broadcast addresses of the tunnel's own subnets, each only where no other element covers it: the
    // elements of an interval set may not overlap.
    private static IEnumerable<string> NeverTunnel(ConfinedNamespace ns)
    {
        var all = new List<IPNetwork>(NeverTunnelIPv4);
        if (ns.HostLink is { } link)
        {
            all.Add(link.Subnet);
        }

        all.AddRange(ns.WireGuard.Addresses.Where(a => a is { Address.AddressFamily: AddressFamily.InterNetwork, PrefixLength: < 31 }).Select(Broadcast));
        return all.Where((network, index) => !all.Where((other, at) => at != index && Covers(other, network) && (at < index || other != network)).Any())
            .Select(n => n.ToString());
    }

    private static bool Covers(IPNetwork outer, IPNetwork inner) => outer.PrefixLength <= inner.PrefixLength && outer.Contains(inner.BaseAddress);

    private static IPNetwork Broadcast(InterfaceAddress address)
    {
        var bytes = address.Address.GetAddressBytes();
        BinaryPrimitives.WriteUInt32BigEndian(bytes, BinaryPrimitives.ReadUInt32BigEndian(bytes) | (uint.MaxValue >> address.PrefixLength));
        return new IPNetwork(new IPAddress(bytes), 32);
    }
}
