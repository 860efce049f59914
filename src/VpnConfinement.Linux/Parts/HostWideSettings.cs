using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Parts;

/// <summary>
/// Kernel settings of all the host's links that undo those of the host link (linux/inetdevice.h): of these the kernel
/// takes the greater of the link's own value and that of <c>all</c> (IN_DEV_ORCONF, IN_DEV_MAXCONF). The host's are not
/// ours to change; the filter on the link drops what they would let in.
/// </summary>
/// <remarks>
/// Not named, because <c>all</c> cannot undo ours: <c>forwarding</c> (the link's own counts),
/// <c>accept_source_route</c> (IN_DEV_ANDCONF), <c>arp_announce</c> and <c>arp_ignore</c> (greater is stricter). Not
/// named, because stock values of <c>all</c> are greater and the filter passes none of it: <c>accept_redirects</c>,
/// <c>secure_redirects</c>, <c>send_redirects</c>, <c>rp_filter</c> (2 is looser than 1).
/// </remarks>
internal static class HostWideSettings
{
    // Name, and what its being on would let in.
    private static readonly (string Key, string Opens)[] Keys =
    [
        ("accept_local", "packets with an address of the host itself as source"),
        ("arp_accept", "addresses that nobody asked for into its ARP table"),
        ("proxy_arp", "ARP questions for other addresses"),
        ("route_localnet", "packets to services that listen on 127.0.0.1"),
    ];

    /// <summary>What to say of each that undoes a setting of the link now.</summary>
    /// <param name="link">The link.</param>
    /// <param name="isFiltered">Whether it runs its filters.</param>
    internal static IReadOnlyList<string> Undoing(HostLinkPlan link, bool isFiltered) =>
    [
        .. from setting in Keys
           let value = Sysctl.Value($"ipv4/conf/all/{setting.Key}")
           where value > 0
           select $"net.ipv4.conf.all.{setting.Key} is {value} on the host, which undoes the 0 of {link.HostInterface}: "
               + $"the host takes {setting.Opens}{(isFiltered ? "; the filter on the link drops those" : "")}. Set it to 0 where nothing needs it",
    ];
}
