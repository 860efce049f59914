using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Compile.Nftables;

/// <summary>The named sets of a namespace's ruleset; a set that no rule asks is left out.</summary>
internal static class NamespaceSets
{
    // What no tunnel can be meant for: this network, loopback, link-local with the metadata address, multicast, reserved and broadcast.
    private static readonly IPNetwork[] NeverTunnelIPv4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"),
    ];

    private static readonly IPNetwork[] NeverTunnelIPv6 =
        [IPNetwork.Parse("::/127"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("ff00::/8")];

    // Ports of DNS, DNS over TLS and QUIC, mDNS and LLMNR.
    private static readonly ushort[] BlockedDnsPorts = [53, 853, 5353, 5355];

    internal static IEnumerable<NamedSet> Of(NamespacePlan plan, PolicyPlan policy)
    {
        var egress = policy.Egress;
        var isListed = egress.Mode == EgressMode.AllowList;
        (string Name, IReadOnlyList<ushort> Ports)[] ports =
        [
            ("dns_blocked_ports", policy.DnsMode == DnsMode.Strict ? BlockedDnsPorts : []),
            ("host_tcp_ports", policy.HostTcpPorts),
            ("tunnel_tcp_ports", policy.FromTunnelTcp),
            ("tunnel_udp_ports", policy.FromTunnelUdp),
            ("allowed_tcp_ports", isListed ? egress.TcpPorts : []),
            ("allowed_udp_ports", isListed ? egress.UdpPorts : []),
        ];
        return
        [
            .. NamespaceRuleset.Families(plan).SelectMany(f => Family(plan, policy, f)),
            .. ports.Where(p => p.Ports.Count > 0).Select(p => NamedSet.Ports(p.Name, p.Ports)),
        ];
    }

    private static IEnumerable<NamedSet> Family(NamespacePlan plan, PolicyPlan policy, IpFamily family)
    {
        if (policy.DnsMode == DnsMode.Strict)
        {
            yield return NamedSet.Addresses("dns_servers", family, policy.DnsServers);
        }

        yield return NamedSet.Addresses("tunnel", family, plan.WireGuard.Addresses.Select(a => a.Address));
        yield return NamedSet.Prefixes("never_tunnel", family, family == IpFamily.V4 ? NeverTunnel(plan) : NeverTunnelIPv6);
        if (policy.Egress is { Mode: EgressMode.AllowList, Cidrs.Count: > 0 })
        {
            // One list: libnftables reads ten thousand prefixes in it in the time of a few hundred commands.
            yield return NamedSet.Prefixes("allowed", family, policy.Egress.Cidrs);
        }
    }

    // With the host link's subnet and the broadcast addresses of the tunnel's own subnets, each only where no other element covers it: the
    // elements of an interval set may not overlap.
    private static IEnumerable<IPNetwork> NeverTunnel(NamespacePlan plan)
    {
        var all = new List<IPNetwork>(NeverTunnelIPv4);
        if (plan.HostLink is { } link)
        {
            all.Add(link.Subnet);
        }

        all.AddRange(plan.WireGuard.Addresses.Where(a => a is { Address.AddressFamily: AddressFamily.InterNetwork, PrefixLength: < 31 }).Select(Broadcast));
        return all.Where((network, index) => !all.Where((other, at) => at != index && Covers(other, network) && (at < index || other != network)).Any());
    }

    private static bool Covers(IPNetwork outer, IPNetwork inner) => outer.PrefixLength <= inner.PrefixLength && outer.Contains(inner.BaseAddress);

    private static IPNetwork Broadcast(InterfaceAddress address)
    {
        var bytes = address.Address.GetAddressBytes();
        BinaryPrimitives.WriteUInt32BigEndian(bytes, BinaryPrimitives.ReadUInt32BigEndian(bytes) | (uint.MaxValue >> address.PrefixLength));
        return new IPNetwork(new IPAddress(bytes), 32);
    }
}
