using Microsoft.Win32.SafeHandles;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Parts;

/// <summary>The two ends of a host link as they are now.</summary>
internal sealed class HostLinkLook
{
    private HostLinkLook(
        Observation<LinkEndState?> hostEnd, Observation<LinkEndState?> namespaceEnd, Observation<bool>? filters) =>
        (HostEnd, NamespaceEnd, Filters) = (hostEnd, namespaceEnd, filters);

    /// <summary>The host's end.</summary>
    internal Observation<LinkEndState?> HostEnd { get; }

    /// <summary>The namespace's end.</summary>
    internal Observation<LinkEndState?> NamespaceEnd { get; }

    /// <summary>Whether both run their filters; null where an end is not there.</summary>
    internal Observation<bool>? Filters { get; }

    /// <summary>Looks.</summary>
    internal static HostLinkLook At(string ns, HostLinkPlan plan, SafeFileHandle netns)
    {
        NetlinkSocket? host = null, inside = null;
        try
        {
            host = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_ROUTE);
            inside = NetlinkSocket.OpenIn(netns, NetlinkConstants.NETLINK_ROUTE);
            var (outer, inner) = HostLink.Find(ns, plan, host, inside);
            return new HostLinkLook(
                Look.At(() => StateOf(host, NetlinkSocket.OpenHere, outer)),
                Look.At(() => StateOf(inside, protocol => NetlinkSocket.OpenIn(netns, protocol), inner)),
                outer is null || inner is null ? null : Look.At(() => LinkGuard.Lacking(ns) is not null
                    || LinkGuard.IsThere(plan, new LinkEnd(host, outer), new LinkEnd(inside, inner))));
        }
        catch (SystemFailure e)
        {
            var unknown = new Observation<LinkEndState?>.Unknown(e.Message);
            return new HostLinkLook(unknown, unknown, new Observation<bool>.Unknown(e.Message));
        }
        finally
        {
            host?.Dispose();
            inside?.Dispose();
        }
    }

    private static LinkEndState? StateOf(NetlinkSocket socket, Func<int, NetlinkSocket> open, Link? link)
    {
        if (link is null)
        {
            return null;
        }

        using var narrowing = open(NetlinkConstants.NETLINK_ROUTE).Narrowing();
        return new LinkEndState
        {
            Name = link.Name,
            IsUp = link.IsUp,
            Mtu = link.Mtu,
            HardwareAddress = link.Address?.ToString(),
            Master = link.Master == 0 ? null : HostLink.MasterOf(socket, link),
            Alias = link.Alias,
            MakesAddresses = link.AddressGenerationMode is { } mode && mode != RouteConstants.IN6_ADDR_GEN_MODE_NONE,
            Addresses = [.. Addresses.List(socket, link).Select(address => address.ToString())],
            Routes =
            [
                .. LinkRoutes.List(narrowing, link)
                    .Select(route => new LinkRouteState(route.Destination.ToString(), route.Table, route.IsConnected)),
            ],
        };
    }
}
