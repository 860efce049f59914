using System.Net;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Parts;

/// <summary>
/// The host's unreachable route below the connected one of a host link (S-36): while the link or its address is away,
/// what the host sends to the published address goes nowhere, instead of out by the default route. It stays while the
/// namespace is down, and goes when nothing applied has the link any more.
/// </summary>
internal static class HostRoute
{
    /// <summary>Makes the route be there, and that of an earlier subnet of the namespace not.</summary>
    /// <returns>Whether it was missing.</returns>
    internal static bool Ensure(string ns, IPNetwork prefix)
    {
        var subnet = prefix.ToString();
        var recorded = Recorded(ns);
        using var host = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_ROUTE);
        if (recorded is not [var only] || only != subnet)
        {
            // Before the route: it outlives this program, and a later run has to find it.
            Record(ns, [.. recorded.Append(subnet).Distinct()]);
        }

        var made = UnreachableRoutes.Ensure(host, AddressPrefix.Of(prefix));
        if (recorded.Any(earlier => earlier != subnet))
        {
            Delete(host, ns, recorded.Where(earlier => earlier != subnet));
            Record(ns, [subnet]);
        }

        return made;
    }

    /// <summary>Whether the route is there.</summary>
    internal static bool IsThere(IPNetwork subnet)
    {
        using var host = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_ROUTE).Narrowing();
        return UnreachableRoutes.IsThere(host, AddressPrefix.Of(subnet));
    }

    /// <summary>Deletes the routes of all namespaces but some.</summary>
    /// <param name="kept">Names of those that have a host link.</param>
    internal static void DeleteOthers(IReadOnlySet<string> kept)
    {
        foreach (var ns in Namespaces().Where(ns => !kept.Contains(ns)))
        {
            using var host = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_ROUTE);
            Delete(host, ns, Recorded(ns));
            Kernel.TryUnlink(StateLayout.HostRouteRecord(ns));
        }
    }

    // A subnet may have gone from one namespace to another.
    private static void Delete(NetlinkSocket host, string ns, IEnumerable<string> subnets)
    {
        var others = Namespaces().Where(other => other != ns).SelectMany(Recorded).ToHashSet(StringComparer.Ordinal);
        foreach (var subnet in subnets.Where(subnet => !others.Contains(subnet)))
        {
            UnreachableRoutes.Delete(host, AddressPrefix.Parse(subnet));
        }
    }

    private static string[] Recorded(string ns) =>
        StateFile.Read(StateLayout.HostRouteRecord(ns))?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static void Record(string ns, IReadOnlyList<string> subnets) =>
        AtomicFile.Write(StateLayout.HostRouteRecord(ns), string.Join('\n', subnets) + "\n");

    private static string[] Namespaces() => !Directory.Exists(StateLayout.RunFolder) ? [] :
    [
        .. Directory.EnumerateFiles(StateLayout.RunFolder, "*" + StateLayout.HostRouteSuffix)
            .Select(path => Path.GetFileName(path)[..^StateLayout.HostRouteSuffix.Length]).Order(StringComparer.Ordinal),
    ];
}
