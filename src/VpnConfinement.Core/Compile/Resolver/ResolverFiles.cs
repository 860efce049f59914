using System.Net;
using System.Text;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.Text;

namespace VpnConfinement.Compile.Resolver;

/// <summary>The two files that decide where a confined service's lookups go; each is bound over the host's inside the service.</summary>
public static class ResolverFiles
{
    private const string NameServer = "nameserver ";

    /// <summary>What is pinned in the services of a namespace: both files under strict DNS, else resolv.conf where servers are named.</summary>
    internal static IReadOnlyList<PinnedFile> Pinned(ConfinedNamespace ns)
    {
        var name = ns.Name.ToString();
        var resolvConf = new PinnedFile(StateLayout.ResolvConf(name), "/etc/resolv.conf");
        return ns.DnsMode == DnsMode.Strict ? [resolvConf, new PinnedFile(StateLayout.NsswitchConf(name), "/etc/nsswitch.conf")]
            : ns.DnsServers.Count > 0 ? [resolvConf] : [];
    }

    /// <summary>resolv.conf(5): the pinned resolvers and search domains. All of them: glibc reads the first three, which is a finding; others read on.</summary>
    public static string ResolvConf(ConfinedNamespace ns)
    {
        var text = new StringBuilder("# Resolvers of the namespace ").Append(ns.Name).Append(", pinned by vpn-confinement.\n");
        foreach (var server in ns.DnsServers)
        {
            text.Append(NameServer).Append(server).Append('\n');
        }

        if (ns.DnsSearch.Count > 0)
        {
            text.Append("search ").AppendJoin(' ', ns.DnsSearch).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The resolvers that a file made by <see cref="ResolvConf"/> names, in its order; what is no address is no resolver.</summary>
    public static IReadOnlyList<IPAddress> Servers(string resolvConf) =>
    [
        .. resolvConf.Split('\n').Where(l => l.StartsWith(NameServer, StringComparison.Ordinal))
            .Select(l => IpText.TryParseAddress(l.AsSpan(NameServer.Length), out var server) ? server : null).OfType<IPAddress>(),
    ];

    /// <summary>
    /// nsswitch.conf(5) as a whole: every database from files, hosts from files, myhostname and dns. No module that asks a daemon of the host
    /// (resolve, mdns, nscd's cache) is named.
    /// </summary>
    public static string NsswitchConf() => """
        # Pinned by vpn-confinement: no lookup leaves by a helper of the host.
        passwd: files
        group: files
        shadow: files
        gshadow: files
        hosts: files myhostname dns
        networks: files
        protocols: files
        services: files
        ethers: files
        rpc: files
        netgroup: files

        """.ReplaceLineEndings("\n");
}
