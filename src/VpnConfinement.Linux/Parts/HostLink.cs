using VpnConfinement.Drift;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Model;
using VpnConfinement.Plan;

using Microsoft.Win32.SafeHandles;

namespace VpnConfinement.Linux.Parts;

/// <summary>The veth pair between the host, which is the caller's netns, and a namespace.</summary>
internal static class HostLink
{
    /// <summary>Of its subnet.</summary>
    internal const byte PrefixLength = 30;

    private const int Mtu = (int)LinkEndSpec.Mtu;

    /// <summary>Makes the pair be there and as planned. The host's table is loaded, and its routing rules are made, before the host's end exists.</summary>
    internal static void Ensure(NamespacePlan plan, HostLinkPlan wanted, SafeFileHandle netns, Action<string> log)
    {
        using var host = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_ROUTE);
        using var inside = NetlinkSocket.OpenIn(netns, NetlinkConstants.NETLINK_ROUTE);

        // Before anybody can connect to a published port.
        if (HostRoute.Ensure(plan.Namespace, wanted.Subnet))
        {
            log($"made the host's unreachable route to {wanted.Subnet}");
        }

        // Before the table and the rules: they drop what passes a link of that name, and somebody else's link would be cut off by it.
        RequireOursOrAbsent(plan.Namespace, wanted, host, inside);
        if (OwnTables.OnHost(plan.Namespace, wanted).Ensure(static _ => { }))
        {
            log($"loaded table inet {wanted.HostTable} on the host");
        }

        if (ForwardingGuard.Ensure(plan.Namespace, wanted.HostInterface, host))
        {
            log($"made the host's routing rules that let nothing be forwarded from {wanted.HostInterface}");
        }

        var made = EnsurePair(plan.Namespace, wanted, host, inside, netns, log);
        try
        {
            RecordIndexes(plan.Namespace, wanted, host, inside);
            Configure(plan.Namespace, wanted, host, inside, netns, made, log);
        }
        catch (SystemFailure)
        {
            if (made && Links.Find(host, wanted.HostInterface) is { } link)
            {
                Links.Delete(host, link);
            }

            throw;
        }

        if (made)
        {
            log($"made the host link {wanted.HostInterface} ({wanted.HostAddress}) to {wanted.NamespaceInterface} ({wanted.NamespaceAddress})");
        }
    }

    /// <summary>
    /// Its two ends, known by the index that was written down, or by the name of the namespace's end, and by each other;
    /// null for one that is not there.
    /// </summary>
    internal static (Link? Outer, Link? Inner) Find(
        string ns, HostLinkPlan plan, NetlinkSocket host, NetlinkSocket inside)
    {
        var named = Links.Find(inside, plan.NamespaceInterface);
        var recorded = LinkIndexes.Load(ns) is { } indexes ? Links.Find(inside, indexes.Inside) : null;
        foreach (var inner in new[] { recorded, named })
        {
            if (inner is { PeerIndex: > 0 } && Links.Find(host, inner.PeerIndex) is { } outer && IsPair(outer, inner))
            {
                return (outer, inner);
            }
        }

        return (null, named);
    }

    /// <summary>
    /// The first kernel setting of the host's end that somebody changed since it was made, or null; of one that was
    /// renamed meanwhile nothing is known, and its name is brought back first.
    /// </summary>
    internal static string? ChangedSetting(HostLinkPlan link) =>
        Sysctl.Changed(LinkSysctls.Of(link.HostInterface, disableIPv6: true));

    /// <summary>Deletes the host's table and what is written down about it; absent is fine.</summary>
    internal static void DeleteTable(string ns, string? table)
    {
        var path = StateLayout.HostRulesetRecord(ns);
        if ((table ?? RulesetRecord.TableOf(path)) is { } name)
        {
            NftTable.Delete(name);
        }

        RulesetRecord.Delete(path);
    }

    private static void RequireOursOrAbsent(string ns, HostLinkPlan wanted, NetlinkSocket host, NetlinkSocket inside)
    {
        if (Links.Find(host, wanted.HostInterface) is { } outer && outer.Alias != LinkEndSpec.AliasOf(ns)
            && !(Links.Find(inside, wanted.NamespaceInterface) is { } inner && IsPair(outer, inner)))
        {
            throw new SystemFailure(
                $"the host already has a link {wanted.HostInterface} that is not ours; delete it or set hostLink.hostIf of namespace {ns} to another name");
        }
    }

    private static bool EnsurePair(string ns, HostLinkPlan wanted, NetlinkSocket host, NetlinkSocket inside, SafeFileHandle netns, Action<string> log)
    {
        var (outer, inner) = Find(ns, wanted, host, inside);
        if (outer is not null && inner is not null)
        {
            Recover(host, outer, wanted.HostInterface, log);
            Recover(inside, inner, wanted.NamespaceInterface, log);
            return false;
        }

        if (Links.Find(host, wanted.HostInterface) is { } old)
        {
            Links.Delete(host, old);
        }

        if (inner is not null && Links.Find(inside, inner.Index) is { } stale)
        {
            Links.Delete(inside, stale);
        }

        Links.CreateVeth(host, wanted.HostInterface, wanted.HostMac, wanted.NamespaceInterface, wanted.NamespaceMac, netns);
        return true;
    }

    // Rules, tables and settings go by the name; a bridge would take what the link brings for its own.
    private static void Recover(NetlinkSocket socket, Link link, string name, Action<string> log)
    {
        if (link.Master != 0)
        {
            log($"took the host link {link.Name} out of {MasterOf(socket, link)}");
            Links.EnsureFree(socket, link);
        }

        if (link.Name != name)
        {
            log($"gave the host link {link.Name} its name {name} back");
            Links.EnsureName(socket, link, name);
        }
    }

    private static void RecordIndexes(string ns, HostLinkPlan wanted, NetlinkSocket host, NetlinkSocket inside) =>
        new LinkIndexes(
            Links.Get(host, wanted.HostInterface).Index, Links.Get(inside, wanted.NamespaceInterface).Index).Ensure(ns);

    /// <summary>The name of what a link is a port of, for a message.</summary>
    internal static string MasterOf(NetlinkSocket socket, Link link) =>
        Links.Find(socket, link.Master)?.Name ?? $"link number {link.Master}";

    /// <summary>Whether two links are each other's ends, each in another netns.</summary>
    private static bool IsPair(Link outer, Link inner) =>
        outer.Kind == "veth" && inner.Kind == "veth"
        && outer.PeerIndex == inner.Index && inner.PeerIndex == outer.Index
        && outer.PeerNetnsId is not null && inner.PeerNetnsId is not null;

    private static void Configure(
        string ns,
        HostLinkPlan wanted,
        NetlinkSocket host,
        NetlinkSocket inside,
        SafeFileHandle netns,
        bool made,
        Action<string> log)
    {
        var outer = Links.Get(host, wanted.HostInterface);
        var inner = Links.Get(inside, wanted.NamespaceInterface);
        Links.EnsureAddress(host, outer, wanted.HostMac);
        Links.EnsureAddress(inside, inner, wanted.NamespaceMac);

        // Before either end is up.
        if (LinkGuard.Ensure(ns, wanted, new LinkEnd(host, outer), new LinkEnd(inside, inner), log) && !made)
        {
            log($"loaded the filters of the host link {wanted.HostInterface}");
        }

        foreach (var (socket, link) in new[] { (host, outer), (inside, inner) })
        {
            Links.EnsureMtu(socket, link, Mtu);
            Links.EnsureAlias(socket, link, LinkEndSpec.AliasOf(ns));
            Links.EnsureNoGeneratedAddresses(socket, link);
        }

        // The host's end only: no other setting of the host is touched. The other end took those of its netns' "default".
        var failures = new List<Exception>();
        LinkSysctls.Ensure(wanted.HostInterface, disableIPv6: true, failures);
        if (failures.Count > 0)
        {
            throw SystemFailure.Of($"set the kernel settings of link {wanted.HostInterface}", failures);
        }

        Addresses.Ensure(host, outer, [new AddressPrefix(wanted.HostAddress, PrefixLength)]);
        Addresses.Ensure(inside, inner, [new AddressPrefix(wanted.NamespaceAddress, PrefixLength)]);
        EnsureUp(inside, inner);
        EnsureUp(host, outer);
        EnsureRoutes(wanted, netns, outer, inner);

        // It may not ask everybody (S-36), and forgets with its last address whom it knows: without this, nothing that the
        // host begins is answered until the host asks anew, many seconds later.
        Neighbours.Tell(inside, inner, wanted.HostAddress, wanted.HostMac);
    }

    // Once up: the kernel makes the routes of the addresses by then.
    private static void EnsureRoutes(HostLinkPlan wanted, SafeFileHandle netns, Link outer, Link inner)
    {
        var subnet = AddressPrefix.Of(wanted.Subnet);
        using var host = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_ROUTE).Narrowing();
        using var inside = NetlinkSocket.OpenIn(netns, NetlinkConstants.NETLINK_ROUTE).Narrowing();
        LinkRoutes.Ensure(host, outer, subnet, wanted.HostAddress);
        LinkRoutes.Ensure(inside, inner, subnet, wanted.NamespaceAddress);
    }

    private static void EnsureUp(NetlinkSocket socket, Link link)
    {
        if (!link.IsUp)
        {
            Links.SetUp(socket, link);
        }
    }
}
