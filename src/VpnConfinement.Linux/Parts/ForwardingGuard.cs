using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Parts;

/// <summary>
/// The host's routing rules by which nothing that comes in over a host link is forwarded (S-5). The host's table says so too, and a setting of the link: but
/// any tool may flush all of nftables, and a write of <c>net.ipv4.ip_forward</c> is one for every link.
/// </summary>
internal static class ForwardingGuard
{
    /// <summary>Makes the rules be there, and those of an earlier link of the namespace not.</summary>
    /// <returns>Whether one was missing.</returns>
    internal static bool Ensure(string ns, string link, NetlinkSocket host)
    {
        if (Recorded(ns) != link)
        {
            Delete(ns);
            // Before the rules: they outlive their link, and a later run has to find them.
            AtomicFile.Write(StateLayout.HostLinkRecord(ns), link + "\n");
        }

        return Rules.Ensure(host, link);
    }

    /// <summary>Whether the rules are there.</summary>
    internal static bool IsThere(string link)
    {
        using var host = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_ROUTE);
        return Rules.AreThere(host, link);
    }

    /// <summary>Deletes the rules of the link that is written down; none is fine.</summary>
    internal static void Delete(string ns)
    {
        if (Recorded(ns) is not { } link)
        {
            return;
        }

        using var host = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_ROUTE);
        Rules.Delete(host, link);
        Kernel.TryUnlink(StateLayout.HostLinkRecord(ns));
    }

    private static string? Recorded(string ns) => StateFile.Read(StateLayout.HostLinkRecord(ns))?.TrimEnd('\n');
}
