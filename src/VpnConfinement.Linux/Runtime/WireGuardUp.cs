using System.Net;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Plan;

using Microsoft.Win32.SafeHandles;

namespace VpnConfinement.Linux.Runtime;

/// <summary>
/// Brings the tunnel of a namespace up: device, keys and peers, then addresses, MTU, up, routes. Done again it keeps a device that is
/// as planned, with its sessions.
/// </summary>
public static class WireGuardUp
{
    /// <summary>Brings the tunnel up.</summary>
    /// <param name="plan">The plan; its namespace must be up, with its ruleset loaded.</param>
    /// <param name="log">Takes a line for each thing done; never a secret.</param>
    /// <param name="stored">Reads the plan that is stored by now: what the link becomes where 'apply' changed it during a lookup. Null where nobody can.</param>
    /// <exception cref="SystemFailure">Something failed. The link is gone and the namespace stays, blocked.</exception>
    public static void Run(NamespacePlan plan, Action<string> log, Func<NamespacePlan>? stored = null)
    {
        while (Overtaken(plan, log, stored) is { } newer)
        {
            plan = newer;
        }
    }

    // The plan that took this one's place during the lookup; null once the tunnel is up.
    private static NamespacePlan? Overtaken(NamespacePlan plan, Action<string> log, Func<NamespacePlan>? stored)
    {
        // Before the lock: a lookup may take seconds, and "down" has to get through meanwhile.
        var addresses = LookUp(plan, log);
        using var held = NamespaceLock.Take(plan.Namespace);
        using var netns = Netns.Open(plan.Namespace);
        using var inside = NetlinkSocket.OpenIn(netns, NetlinkConstants.NETLINK_ROUTE);
        try
        {
            if (Newer(plan, stored, netns, log) is { } newer)
            {
                return newer;
            }

            RequireRuleset(plan, netns);
            RequirePinning(plan);
            using var birthplace = BirthplaceNetns.Open(plan);
            EnsureKey(plan.WireGuard, log);
            using var config = WireGuardConfigReader.Read(plan.WireGuard, EndpointNames.Settle(plan, addresses, log), log);
            new WireGuardLink(plan.Namespace, plan.WireGuard, netns, birthplace, inside, log).Ensure(config);
            Attach(plan, netns, inside, link => LinkMtu.Ensure(
                plan, birthplace, config.Peers.Select(peer => peer.Endpoint).OfType<IPEndPoint>(), inside, link, log));
            return null;
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

    // One that 'apply' is still writing, or whose tables it has not loaded yet, it brings to the tunnel itself once this is through.
    private static NamespacePlan? Newer(NamespacePlan plan, Func<NamespacePlan>? stored, SafeFileHandle netns, Action<string> log)
    {
        try
        {
            return stored?.Invoke() is { } now && PlanJson.Write(now) != PlanJson.Write(plan)
                && OfRuleset(now, netns) is null && (now.Pinning is not { } pinning
                    || EndpointPin.Drift(now, pinning) is null) ? now : null;
        }
        catch (SystemFailure e)
        {
            log($"going by the plan from before the lookup: {e.Message}");
            return null;
        }
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> LookUp(NamespacePlan plan, Action<string> log)
    {
        try
        {
            return EndpointNames.LookUp(plan, plan.WireGuard.Peers, log);
        }
        catch (SystemFailure e)
        {
            // No birthplace: found again under the lock, where the link is taken away.
            log($"no endpoint is looked up: {e.Message}");
            return new Dictionary<string, IReadOnlyList<IPAddress>>();
        }
    }

    private static void RequireRuleset(NamespacePlan plan, SafeFileHandle netns)
    {
        if (OfRuleset(plan, netns) is { } drift)
        {
            throw new SystemFailure(
                $"the ruleset of namespace {plan.Namespace} is missing or has changed ({drift.Detail}); restart {StateLayout.NetnsUnit(plan.Namespace)}");
        }
    }

    private static RulesetDrift? OfRuleset(NamespacePlan plan, SafeFileHandle netns) =>
        OwnTables.Inside(plan.Namespace, plan.RulesetSha256).DriftIn(netns);

    // Without it, a peer that moves takes the tunnel's packets along to wherever it says it is.
    private static void RequirePinning(NamespacePlan plan)
    {
        if (plan.Pinning is { } pinning && Unpinned(plan, pinning) is { } why)
        {
            throw new SystemFailure(
                $"the endpoints of namespace {plan.Namespace} are not pinned: table inet {pinning.Table} is missing or has changed ({why}); "
                + $"restart {StateLayout.PinUnit(plan.Namespace)}");
        }
    }

    private static string? Unpinned(NamespacePlan plan, PinPlan pinning) =>
        pinning.Mark != plan.WireGuard.FwMark ? "it is for another mark" : EndpointPin.Drift(plan, pinning)?.Detail;

    private static void EnsureKey(WireGuardPlan plan, Action<string> log)
    {
        if (plan.GeneratePrivateKey && PrivateKeyFile.Ensure(plan.PrivateKeyFile) is { } publicKey)
        {
            log($"made the private key {plan.PrivateKeyFile}; give your provider its public key: {publicKey}");
        }
    }

    private static void Attach(NamespacePlan plan, SafeFileHandle netns, NetlinkSocket inside, Action<Link> ensureMtu)
    {
        var wanted = plan.WireGuard;
        var link = Links.Get(inside, wanted.Interface);
        Links.EnsureAlias(inside, link, LinkEndSpec.AliasOf(plan.Namespace));
        Links.EnsureNoGeneratedAddresses(inside, link);
        NetnsThread.Run(netns, () =>
        {
            var failures = new List<Exception>();
            LinkSysctls.Ensure(link.Name, plan.DisableIPv6, failures);
            return failures.Count == 0 ? true : throw SystemFailure.Of($"set the kernel settings of link {link.Name}", failures);
        });
        ensureMtu(link);
        Addresses.Ensure(inside, link, [.. wanted.Addresses.Select(AddressPrefix.Of)]);
        if (!link.IsUp)
        {
            Links.SetUp(inside, link);
        }

        Routes.Ensure(inside, link, [.. wanted.Routes.Select(AddressPrefix.Of)]);
    }
}
