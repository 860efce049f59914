namespace VpnConfinement.Linux.Namespaces;

/// <summary>
/// The settings of one link that keep it from forwarding, redirecting, answering for others or configuring itself. IPv4 values of a
/// new netns are those of the host, so each is set and none assumed.
/// </summary>
internal static class LinkSysctls
{
    private static readonly (string Key, int Value)[] IPv4 =
    [
        ("accept_local", 0),
        ("accept_redirects", 0),
        ("accept_source_route", 0),
        ("arp_accept", 0),
        ("arp_announce", 2),
        ("arp_ignore", 1),
        ("forwarding", 0),
        ("proxy_arp", 0),
        ("route_localnet", 0),
        ("rp_filter", 1),
        ("secure_redirects", 0),
        ("send_redirects", 0),
    ];

    private static readonly (string Key, int Value)[] IPv6 =
    [
        ("accept_ra", 0),
        ("accept_redirects", 0),
        ("accept_source_route", 0),
        ("autoconf", 0),
        ("forwarding", 0),
        ("proxy_ndp", 0),
    ];

    /// <summary>Those of a link, or of <c>all</c> or <c>default</c>, in a kernel with or without IPv6.</summary>
    internal static IEnumerable<(string Key, int Value)> Of(string link, bool disableIPv6)
    {
        var settings = IPv4.Select(s => ($"ipv4/conf/{link}/{s.Key}", s.Value));
        return !Sysctl.HasGroup("ipv6")
            ? settings
            : settings.Append(($"ipv6/conf/{link}/disable_ipv6", disableIPv6 ? 1 : 0)).Concat(IPv6.Select(s => ($"ipv6/conf/{link}/{s.Key}", s.Value)));
    }

    /// <summary>Sets them on a link of the calling thread's netns, or on <c>all</c> or <c>default</c>; failures are collected.</summary>
    internal static void Ensure(string link, bool disableIPv6, List<Exception> failures)
    {
        foreach (var (key, value) in Of(link, disableIPv6))
        {
            Collect(key, value, failures);
        }
    }

    /// <summary>Sets one key and keeps its failure for later.</summary>
    internal static void Collect(string key, int value, List<Exception> failures)
    {
        try
        {
            Sysctl.Ensure(key, value);
        }
        catch (SystemFailure e)
        {
            failures.Add(e);
        }
    }
}
