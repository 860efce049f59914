using System.Net;
using System.Net.Sockets;
using VpnConfinement.Config;
using VpnConfinement.Config.WgQuick;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC020 to VPC024 and VPC116: the pinned resolvers.</summary>
internal sealed record DnsRules(IReadOnlyList<IPAddress> Servers, IReadOnlyList<string> Search)
{
    // glibc, musl and Go read no more than three nameserver lines (resolv.conf(5), MAXNS).
    private const int MostAsked = 3;

    internal static DnsRules? Check(NamespaceConfig ns, WgQuickFile? file, IPv6Mode ipv6, LeftOut leftOut, DiagnosticBag findings)
    {
        var path = ns.Path + ".dns.servers";
        var byHand = ns.DnsServers is not null;
        var servers = new List<IPAddress>();
        var bad = false;
        foreach (var item in ns.DnsServers ?? file?.DnsServers ?? [])
        {
            if (!IpText.TryParseAddress(item.Value, out var address))
            {
                bad = true;
                findings.Error("VPC021", path, item.Span, $"'{Visible.Text(item.Value)}' is not the address of a resolver.", "Write a literal address, as 10.64.0.1.");
            }
            else if (ipv6 == IPv6Mode.Disable && address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                if (byHand)
                {
                    bad = true;
                    findings.Error("VPC022", path, item.Span, $"The resolver {address} has an IPv6 address, and IPv6 is disabled in this namespace.", $"Name an IPv4 resolver, or write ipv6.mode = \"tunnel\" under [{ns.InToml}].");
                }
                else
                {
                    leftOut.Add(item);
                }
            }
            else if (!UnicastAddress.IsValid(address) || UnicastAddress.IsLinkLocal(address))
            {
                bad = true;
                findings.Error("VPC021", path, item.Span, $"The resolver {address} cannot be reached over a tunnel.", "Name your provider's resolver; a resolver of this host would be a leak.");
            }
            else if (!servers.Contains(address))
            {
                servers.Add(address);
            }
        }

        var strict = ns.DnsMode?.Value != DnsMode.Compat;
        var isKnown = ns.ConfigFile is null || file is not null;
        if (strict && servers.Count == 0 && !bad && isKnown && !leftOut.IsRefused && !findings.WasRefused(path))
        {
            CheckNone(ns, file, leftOut, path, findings);
        }

        if (servers.Count > MostAsked)
        {
            findings.Notice(
                "VPC116", path, (ns.DnsServers ?? file!.DnsServers)[0].Span, $"The namespace {Visible.Text(ns.Name.Value)} has {servers.Count} resolvers, and most programs ask the first {MostAsked} only: {string.Join(", ", servers.Take(MostAsked))}.",
                "Nothing to do; name first those that should be asked.");
        }

        var search = SearchDomains(ns, file, findings);
        return bad || (strict && servers.Count == 0) ? null : new DnsRules(servers, search);
    }

    /// <summary>Refuses resolvers that the tunnel does not lead to.</summary>
    internal void CheckReach(
        NamespaceConfig ns, WgQuickFile? file, WrittenInterface written, WireGuardLink link, DiagnosticBag findings)
    {
        var prefixes = link.Peers.SelectMany(p => p.AllowedIPs).ToList();
        var refused = link.Peers.Count < written.Config.Peers.Count
            || written.Config.Peers.SelectMany(p => p.AllowedIPs).Any(a => !IpText.TryParsePrefix(a.Value, out _));
        if (!link.AllowedIPsAsRoutes || prefixes.Count == 0 || refused)
        {
            return;
        }

        foreach (var item in ns.DnsServers ?? file?.DnsServers ?? [])
        {
            // One that was left out is none.
            if (IpText.TryParseAddress(item.Value, out var server) && Servers.Contains(server)
                && !prefixes.Exists(p => p.Contains(server)) && link.Addresses.All(a => !a.Address.Equals(server)))
            {
                var allowed = written.FromFile ? "the AllowedIPs line of its peer" : "allowedIPs of its peer";
                findings.Error(
                    "VPC024", ns.Path + ".dns.servers", item.Span,
                    $"No allowed IP of {written.Name} holds the resolver {server}: it cannot be asked.",
                    $"Add {server} to {allowed}, or write dns.servers under [{ns.InToml}] "
                    + "with a resolver behind the tunnel.");
            }
        }
    }

    private static void CheckNone(
        NamespaceConfig ns, WgQuickFile? file, LeftOut leftOut, string path, DiagnosticBag findings)
    {
        var name = Visible.Text(ns.Name.Value);
        if (ns.DnsServers is null && file is { DnsServers: [var first, ..] })
        {
            var tunnel = leftOut.CanTunnel ? $", or write ipv6.mode = \"tunnel\" under [{ns.InToml}]" : "";
            findings.Error(
                "VPC020", path, first.Span,
                $"The namespace {name} has IPv6 resolvers only, and IPv6 is disabled in it.",
                $"Write dns.servers = [\"10.64.0.1\"] under [{ns.InToml}] with your provider's IPv4 resolver{tunnel}.");
            return;
        }

        findings.Error(
            "VPC020", path, ns.DnsServers is null ? ns.ConfigFile?.Span ?? ns.Name.Span : ns.Name.Span,
            $"The namespace {name} has no resolver.",
            $"Write dns.servers = [\"10.64.0.1\"] under [{ns.InToml}] with your provider's resolver, "
            + "or add a DNS line to its wg-quick file.");
    }

    private static List<string> SearchDomains(NamespaceConfig ns, WgQuickFile? file, DiagnosticBag findings)
    {
        var search = new List<string>();
        foreach (var item in ns.DnsSearch ?? file?.DnsSearch ?? [])
        {
            if (DomainName.IsValid(item.Value))
            {
                search.Add(item.Value);
            }
            else
            {
                findings.Error("VPC023", ns.Path + ".dns.search", item.Span, $"'{Visible.Text(item.Value)}' is not a domain.", "Write a domain, as example.com.");
            }
        }

        return search;
    }
}
