using System.Globalization;
using System.Text;
using VpnConfinement.Config;
using VpnConfinement.Model;

namespace VpnConfinement.Cli.Output;

/// <summary>What a configuration comes to, for a person.</summary>
internal static class ShowText
{
    private const int Column = 12;

    internal static string Write(Confinement confinement)
    {
        var text = new StringBuilder();
        foreach (var ns in confinement.Namespaces)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(CultureInfo.InvariantCulture, $"{ns.Name}  {Profile(ns.Profile)}\n");
            Line(text, "tunnel", Tunnel(ns.WireGuard));
            foreach (var peer in ns.WireGuard.Peers)
            {
                Line(text, "peer", Peer(peer));
            }

            Line(text, "dns", Dns(ns));
            Line(text, "ipv6", ns.IPv6 switch
            {
                IPv6Mode.Disable => "closed",
                IPv6Mode.Tunnel => "through the tunnel",
                _ => throw new InvalidOperationException("an IPv6 mode of an unknown kind"),
            });
            Line(text, "egress", Egress(ns.Egress));
            Line(text, "", "the host's own LAN counts as the world: its ranges go into the tunnel like everything else");
            Line(text, "ingress", Ports(ns.FromTunnelTcp, ns.FromTunnelUdp) is { Length: > 0 } open ? $"from the tunnel: {open}" : "nothing from the tunnel");
            HostLink(text, ns);
            foreach (var port in ns.Publish)
            {
                Line(text, "publish", $"{Listen(port.Listen)}, to 127.0.0.1:{port.To} in the namespace");
            }

            foreach (var service in ns.Services)
            {
                Line(text, "service", $"{service.Unit}  {Hardening(service.Hardening)}; without the tunnel {Loss(service.OnTunnelLoss)}{Allowed(service.Allow)}");
            }

            foreach (var socket in ns.Sockets)
            {
                Line(text, "socket", $"{socket.Unit}  listens in the namespace for {socket.Service}");
            }
        }

        return text.Length == 0 ? "nothing is confined: no namespace is enabled\n" : text.ToString();
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append("    ").Append(name.PadRight(Column)).Append(value).Append('\n');

    private static string Tunnel(WireGuardLink link)
    {
        var words = new List<string> { $"{link.Interface}, {string.Join(", ", link.Addresses)}" };
        if (link.FwMark is not 0 and var mark)
        {
            words.Add($"fwmark {mark}");
        }

        if (link.PinningMark is not null)
        {
            words.Add("endpoints pinned");
        }

        if (!link.AllowedIPsAsRoutes)
        {
            words.Add("no routes of ours");
        }

        words.Add(link.Birthplace is { } birthplace ? $"its UDP socket in the network namespace {birthplace.Name}" : "its UDP socket on the host");
        return string.Join("; ", words);
    }

    private static string Peer(WireGuardPeer peer)
    {
        var endpoint = peer.Endpoint switch
        {
            PeerEndpoint.Literal literal => $"{literal.Address}",
            PeerEndpoint.Hostname name => $"{name.Name}:{name.Port}, looked up every {name.RefreshSeconds} s",
            null => "no endpoint",
            _ => throw new InvalidOperationException("an endpoint of an unknown kind"),
        };
        return $"{endpoint}; allowed {string.Join(", ", peer.AllowedIPs)}";
    }

    private static string Dns(ConfinedNamespace ns)
    {
        var servers = ns.DnsServers.Count == 0 ? "no servers" : string.Join(", ", ns.DnsServers);
        var mode = ns.DnsMode switch
        {
            DnsMode.Strict => "strict: every other one is refused",
            DnsMode.Compat => "compat: others can be asked through the tunnel, and the host's resolver may answer",
            _ => throw new InvalidOperationException("a DNS mode of an unknown kind"),
        };
        return $"{servers} ({mode}){(ns.DnsSearch.Count == 0 ? "" : $"; search {string.Join(' ', ns.DnsSearch)}")}{(ns.AllowHostResolverIpc ? "; the host's nscd and system bus may be asked" : "")}";
    }

    private static string Egress(Egress egress)
    {
        switch (egress.Mode)
        {
            case EgressMode.AllowAllTunnel:
                return "everything, through the tunnel only";
            case EgressMode.AllowList:
                var ports = Ports(egress.TcpPorts, egress.UdpPorts);
                var places = string.Join(", ", egress.Cidrs);
                var what = (ports.Length, places.Length) switch
                {
                    (0, 0) => "nothing but DNS",
                    (0, _) => $"everything to {places}",
                    (_, 0) => ports,
                    _ => $"{ports}, to {places}",
                };
                return $"{what}; through the tunnel only";
            default:
                throw new InvalidOperationException("an egress mode of an unknown kind");
        }
    }

    private static void HostLink(StringBuilder text, ConfinedNamespace ns)
    {
        if (ns.HostLink is not { } link)
        {
            Line(text, "host link", "none");
            return;
        }

        Line(text, "host link", $"{link.HostInterface} {link.HostAddress} on the host, {link.NamespaceInterface} {link.NamespaceAddress} in the namespace ({link.Subnet})");
        Line(text, "", link.TcpPorts.Count == 0
            ? "no port is open over it"
            : $"at {link.NamespaceAddress}: {Ports(link.TcpPorts, [])}; from this host only ('publish' serves localhost and the LAN)");
    }

    private static string Listen(ListenAddress listen) => listen switch
    {
        ListenAddress.Tcp { EndPoint: var place } when System.Net.IPAddress.IsLoopback(place.Address) => $"{place}, from this host",
        ListenAddress.Tcp tcp => $"{tcp.EndPoint}, from whoever reaches that address",
        ListenAddress.AnyTcp any => $"*:{any.Port}, from whoever reaches this host",
        ListenAddress.Unix unix => $"unix:{unix.Path}, from whoever may enter its folder",
        _ => throw new InvalidOperationException("an address of an unknown kind"),
    };

    private static string Ports(IReadOnlyList<ushort> tcp, IReadOnlyList<ushort> udp) => string.Join(", ", tcp.Select(p => $"TCP {p}").Concat(udp.Select(p => $"UDP {p}")));

    private static string Profile(SecurityProfile profile) => profile switch
    {
        SecurityProfile.Balanced => "balanced",
        SecurityProfile.HighAssurance => "highAssurance",
        _ => throw new InvalidOperationException("a profile of an unknown kind"),
    };

    private static string Hardening(HardeningProfile profile) => profile switch
    {
        HardeningProfile.Baseline => "baseline",
        HardeningProfile.Strict => "strict",
        _ => throw new InvalidOperationException("a hardening profile of an unknown kind"),
    };

    private static string Allowed(IReadOnlySet<IsolationOptOut> allowed) =>
        allowed.Count == 0 ? "" : "; allow: " + string.Join(", ", allowed.Order().Select(OptionTables.NameOf));

    private static string Loss(OnTunnelLoss loss) => loss switch
    {
        OnTunnelLoss.Stop => "it is stopped",
        OnTunnelLoss.Blackhole => "it runs on, cut off",
        _ => throw new InvalidOperationException("a loss of an unknown kind"),
    };
}
