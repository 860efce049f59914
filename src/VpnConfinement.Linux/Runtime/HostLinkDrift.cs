using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>How the two ends of a host link differ from what was brought up.</summary>
internal static class HostLinkDrift
{
    /// <summary>The first difference, to follow the name of the host's end; or null.</summary>
    /// <exception cref="SystemFailure">The kernel does not tell.</exception>
    internal static string? Find(string ns, HostLinkPlan plan, SafeFileHandle netns)
    {
        using var host = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_ROUTE);
        using var inside = NetlinkSocket.OpenIn(netns, NetlinkConstants.NETLINK_ROUTE);
        if (HostLink.Find(plan, host, inside) is not ({ } outer, { } inner))
        {
            return "is gone";
        }

        var (hostEnd, innerEnd) = (new LinkEnd(host, outer), new LinkEnd(inside, inner));
        return outer.Name != plan.HostInterface ? $"is called {outer.Name}"
            : outer.Master != 0 ? $"is a port of {HostLink.MasterOf(host, outer)}"
            : HasOther(outer, plan.HostMac) || HasOther(inner, plan.NamespaceMac) ? "has another hardware address"
            : !outer.IsUp || !inner.IsUp ? "is down"
            : !Has(hostEnd, plan.HostAddress) ? $"has not the address {plan.HostAddress}, or has more"
            : !Has(innerEnd, plan.NamespaceAddress) ? $"has not the address {plan.NamespaceAddress} at its other end, or has more"
            : LinkGuard.Lacking(ns) is null && !LinkGuard.IsThere(plan, hostEnd, innerEnd) ? "does not run its filters"
            : null;
    }

    private static bool HasOther(Link link, string address) => link.Address?.ToString() != address;

    private static bool Has(LinkEnd end, string address) =>
        Addresses.List(end.Socket, end.Link) is [var only] && only == AddressPrefix.Parse(address, HostLink.PrefixLength);
}
