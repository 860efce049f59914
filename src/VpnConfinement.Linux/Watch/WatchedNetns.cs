using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Plan;

using Microsoft.Win32.SafeHandles;

namespace VpnConfinement.Linux.Watch;

/// <summary>The kernel's events of one netns of ours and of the host's tables, routing rules, routes and links that belong to it, as long as it is the one that has the name.</summary>
internal sealed class WatchedNetns : IDisposable
{
    private readonly SafeFileHandle _netns;
    private readonly SafeFileHandle _hostMounts;
    private readonly NetlinkEvents _links;
    private readonly List<(NetlinkEvents Events, Func<NetlinkEvents, bool> Take)> _others = [];
    private readonly string _ns;
    private readonly HostLinkPlan? _hostLink;
    private int _hostEnd;

    private WatchedNetns(SafeFileHandle netns, NetnsIdentity identity, NamespacePlan plan)
    {
        _netns = netns;
        Identity = identity;
        _links = NetlinkEvents.OfLinks(netns);
        (_ns, _hostLink) = (plan.Namespace, plan.HostLink);
        Listen(NetlinkEvents.OfRulesets(netns), NftTable.Confinement);
        using var host = Kernel.Open("/proc/thread-self/ns/net", LibcConstants.O_RDONLY);
        if (plan.HostLink is { } link)
        {
            Listen(NetlinkEvents.OfRulesets(host), link.HostTable);
            Listen(NetlinkEvents.OfRules(host), link.HostInterface);
            var subnet = AddressPrefix.Of(link.Subnet);
            _others.Add((NetlinkEvents.OfSingleLinks(host), events => events.TakeOf(_hostEnd, subnet)));
            FindHostEnd();
        }

        if (plan.Pinning is { } pinning)
        {
            using var birthplace = BirthplaceNetns.Find(plan.WireGuard.Birthplace ?? StateLayout.HostPlace);
            Listen(NetlinkEvents.OfRulesets(birthplace?.Handle ?? host), pinning.Table);
        }

        _hostMounts = Kernel.Open("/proc/self/mountinfo", LibcConstants.O_RDONLY);
    }

    /// <summary>Which netns it is.</summary>
    internal NetnsIdentity Identity { get; }

    /// <summary>Begins to listen; null where there is no netns of ours of that name.</summary>
    internal static WatchedNetns? TryOpen(NamespacePlan plan) =>
        Netns.Observe(plan.Namespace) is NetnsState.Ours ours ? new WatchedNetns(ours.Handle, ours.Identity, plan) : null;

    /// <summary>The netns itself.</summary>
    internal SafeFileHandle Handle => _netns;

    /// <summary>Waits for an event or until the time is over.</summary>
    /// <param name="milliseconds">How long at most.</param>
    /// <param name="mounts">More that is waited for: mounts of services.</param>
    internal Happening Wait(int milliseconds, IReadOnlyList<SafeFileHandle> mounts)
    {
        var descriptors = new PollDescriptor[2 + _others.Count + mounts.Count];
        descriptors[0] = _links.Descriptor;
        descriptors[1] = Mounts(_hostMounts);
        for (var i = 0; i < _others.Count; i++)
        {
            descriptors[2 + i] = _others[i].Events.Descriptor;
        }

        for (var i = 0; i < mounts.Count; i++)
        {
            descriptors[2 + _others.Count + i] = Mounts(mounts[i]);
        }

        Kernel.Poll(descriptors, milliseconds);
        var changed = descriptors[0].Happened != 0 && _links.Take(name: null);
        for (var i = 0; i < _others.Count; i++)
        {
            changed |= descriptors[2 + i].Happened != 0 && _others[i].Take(_others[i].Events);
        }

        return new Happening(changed, descriptors[1].Happened != 0, descriptors.Skip(2 + _others.Count).Any(d => d.Happened != 0));
    }

    /// <summary>Finds out anew which link of the host is the host's end: only what happens to that one is told of. Until it is known, everything is.</summary>
    internal void FindHostEnd()
    {
        if (_hostLink is not { } link)
        {
            return;
        }

        using var host = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_ROUTE);
        using var inside = NetlinkSocket.OpenIn(_netns, NetlinkConstants.NETLINK_ROUTE);
        _hostEnd = HostLink.Find(_ns, link, host, inside).Outer?.Index ?? 0;
    }

    private void Listen(NetlinkEvents events, string name) => _others.Add((events, one => one.Take(name)));

    /// <inheritdoc/>
    public void Dispose()
    {
        _links.Dispose();
        _others.ForEach(r => r.Events.Dispose());
        _hostMounts.Dispose();
        _netns.Dispose();
    }

    // proc_pid_mountinfo(5): a change of the mounts is an exceptional condition, and told once.
    private static PollDescriptor Mounts(SafeFileHandle mountInfo) => new() { Descriptor = (int)mountInfo.DangerousGetHandle(), Events = LibcConstants.POLLPRI };
}
