using System.Net;
using System.Net.Sockets;
using VpnConfinement.Config;
using VpnConfinement.Config.WgQuick;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC020 to VPC023 and VPC116: the pinned resolvers.</summary>
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
        if (strict && servers.Count == 0 && !bad && (ns.ConfigFile is null || file is not null) && !findings.WasRefused(path))
        {
            findings.Error(
                "VPC020", path, ns.DnsServers is null ? ns.ConfigFile?.Span ?? ns.Name.Span : ns.Name.Span, $"The namespace {Visible.Text(ns.Name.Value)} has no resolver.",
                $"Write dns.servers = [\"10.64.0.1\"] under [{ns.InToml}] with your provider's resolver, or add a DNS line to its wg-quick file.");
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
