using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>
/// Brings the tunnel of a namespace up: device, keys and peers, then addresses, MTU, up, routes. Done again it keeps a device that is
/// as planned, with its sessions. The caller's netns is the birthplace: the UDP socket stays there.
/// </summary>
public static class WireGuardUp
{
    /// <summary>Brings the tunnel up.</summary>
    /// <param name="plan">The plan; its namespace must be up, with its ruleset loaded.</param>
    /// <param name="log">Takes a line for each thing done; never a secret.</param>
    /// <exception cref="SystemFailure">Something failed. The link is gone and the namespace stays, blocked.</exception>
    public static void Run(NamespacePlan plan, Action<string> log)
    {
        using var held = NamespaceLock.Take(plan.Namespace);
        using var netns = Netns.Open(plan.Namespace);
        using var inside = NetlinkSocket.OpenIn(netns, NetlinkConstants.NETLINK_ROUTE);
        try
        {
            RequireRuleset(plan, netns);
            using var config = WireGuardConfigReader.Read(plan.WireGuard, log);
            new WireGuardLink(plan.Namespace, plan.WireGuard, netns, inside, log).Ensure(config);
            Attach(plan, netns, inside);
        }
        catch (Exception) // whatever it was: no link, no way out
        {
            var teardown = new Teardown();
            teardown.Try(() => WireGuardLink.Remove(plan.Namespace, plan.WireGuard.Interface, inside));
            teardown.Report(log);
            log($"namespace {plan.Namespace} is kept, blocked");
            throw;
        }
    }

    private static void RequireRuleset(NamespacePlan plan, SafeFileHandle netns)
    {
        var path = StateLayout.RulesetRecord(plan.Namespace);
        if (!NftContext.RunIn(netns, context => NftTable.IsLoaded(context, NftTable.Confinement, plan.RulesetSha256, path)))
        {
            throw new SystemFailure(
                $"the ruleset of namespace {plan.Namespace} is missing or has changed; restart {StateLayout.NetnsUnit(plan.Namespace)}");
        }
    }

    private static void Attach(NamespacePlan plan, SafeFileHandle netns, NetlinkSocket inside)
    {
        var wanted = plan.WireGuard;
        var link = Links.Get(inside, wanted.Interface);
        Links.EnsureAlias(inside, link, LinkOwner.Alias(plan.Namespace));
        Links.EnsureNoGeneratedAddresses(inside, link);
        NetnsThread.Run(netns, () =>
        {
            var failures = new List<Exception>();
            LinkSysctls.Ensure(link.Name, plan.DisableIPv6, failures);
            return failures.Count == 0 ? true : throw SystemFailure.Of($"set the kernel settings of link {link.Name}", failures);
        });
        Links.EnsureMtu(inside, link, wanted.Mtu);
        Addresses.Ensure(inside, link, [.. wanted.Addresses.Select(AddressPrefix.Parse)]);
        if (!link.IsUp)
        {
            Links.SetUp(inside, link);
        }

        Routes.Ensure(inside, link, [.. wanted.Routes.Select(AddressPrefix.Parse)]);
    }
}
