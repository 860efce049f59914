using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Validation;

/// <summary>
/// VPC120: network daemons of the host that are not told to leave our links alone. dhcpcd and connman have no folder
/// for files of others, so a line of their own configuration has to say it.
/// </summary>
internal static class NetworkDaemonRules
{
    /// <summary>Where dhcpcd(8) reads what it is told (dhcpcd.conf(5)).</summary>
    internal const string DhcpcdFile = "/etc/dhcpcd.conf";

    /// <summary>Where connman(8) reads what it is told (connman.conf(5)).</summary>
    internal const string ConnmanFile = "/etc/connman/main.conf";

    /// <summary>Paths that are not ours to write.</summary>
    internal static IReadOnlySet<string> Foreign(NetworkDaemonFacts facts) =>
        facts.Foreign.ToHashSet(StringComparer.Ordinal);

    internal static void Check(
        IReadOnlyList<NamespaceConfig> enabled,
        IReadOnlyList<ConfinedNamespace> namespaces,
        NetworkDaemonFacts facts,
        DiagnosticBag findings)
    {
        var linked = namespaces.Where(ns => ns.HostLink is not null).Select(ns => ns.Name.ToString()).ToHashSet();
        var first = enabled.FirstOrDefault(ns => linked.Contains(ns.Name.Value));
        if (first is null)
        {
            return;
        }

        var links = LinksOnHost.Of(namespaces.Select(ns => ns.HostLink));
        void Warn(string message, string remedy) =>
            findings.Warning("VPC120", first.Path + ".hostLink", first.Name.Span, message, remedy);

        foreach (var path in facts.Foreign)
        {
            var daemon = path == StateLayout.NetworkdFile ? "systemd-networkd" : "NetworkManager";
            Warn(
                $"{path} is there and was not made by vpn-confinement: it is left as it is, so {daemon} may take the host "
                    + "link.",
                "Give that file another name, then run 'vpn-confinement apply'; or have it name "
                    + $"{string.Join(", ", links)} as unmanaged.");
        }

        if (facts.Dhcpcd is { } dhcpcd && Untold(dhcpcd, "denyinterfaces", ' ', links, Matches) is { } reason)
        {
            Warn(
                $"dhcpcd takes every link with a carrier, the host link too ({DhcpcdFile} {reason}).",
                $"Write into {DhcpcdFile}: denyinterfaces {string.Join(' ', links)}");
        }

        if (facts.Connman is { } connman
            && Untold(connman, "NetworkInterfaceBlacklist", ',', Prefixes(links), IsPrefix) is { } untold)
        {
            Warn(
                $"connman takes every link of Ethernet's kind, the host link too ({ConnmanFile} {untold}).",
                $"Write into {ConnmanFile} below [General]: NetworkInterfaceBlacklist="
                    + $"{string.Join(',', Prefixes(links))} (with what is on that line already; where there is none: "
                    + "vmnet,vboxnet,virbr,ifb,ve-,vb-,ham,veth)");
        }
    }

    // connman compares beginnings of names, and knows no globs.
    private static IReadOnlyList<string> Prefixes(IReadOnlyList<string> links) =>
        [.. links.Select(link => link.TrimEnd('*'))];

    // Why not all are told, or null. A file that cannot be read tells nothing.
    private static string? Untold(
        FileFact file, string key, char separator, IReadOnlyList<string> links, Func<string, string, bool> matches)
    {
        if (file is FileFact.Unreadable unreadable)
        {
            return $"cannot be read: {unreadable.Reason}";
        }

        var text = (file as FileFact.Present)?.Text?.Content ?? "";
        var named = text.Split('\n').Select(line => line.Trim())
            .Where(line => line.StartsWith(key, StringComparison.Ordinal))
            .SelectMany(line => line[key.Length..].TrimStart(' ', '\t', '=')
                .Split([separator, ' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).ToList();
        var missing = links.Where(link => !named.Exists(pattern => matches(pattern, link))).ToList();
        return missing.Count == 0 ? null : $"does not name {string.Join(", ", missing)}";
    }

    private static bool Matches(string pattern, string link) =>
        pattern == link
        || (pattern.EndsWith('*') && link.StartsWith(pattern.TrimEnd('*'), StringComparison.Ordinal));

    private static bool IsPrefix(string pattern, string link) => link.StartsWith(pattern, StringComparison.Ordinal);
}
