using VpnConfinement.Compile;
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
/// Brings a namespace up: netns, ruleset, kernel settings, loopback, host link, environment file, in this order, so that no link is up
/// before the ruleset is there. Done again it changes nothing, or repairs what differs. The caller's netns is the host.
/// </summary>
public static class NetnsUp
{
    /// <summary>Brings the namespace up.</summary>
    /// <param name="stored">The plan and its ruleset.</param>
    /// <param name="log">Takes a line for each thing done; never a secret.</param>
    /// <exception cref="SystemFailure">
    /// Something failed. A netns made by this run is gone again; one that was there before stays, with its ruleset or without links.
    /// </exception>
    public static void Run(StoredPlan stored, Action<string> log)
    {
        using var held = NamespaceLock.Take(stored.Plan.Namespace);
        Run(stored, Netns.Observe(stored.Plan.Namespace), log);
    }

    /// <summary>Repairs a namespace that is up; makes none where there is none any more.</summary>
    /// <exception cref="SystemFailure">Something failed; the namespace stays, with its ruleset or without links.</exception>
    internal static void RepairInPlace(StoredPlan stored, Action<string> log)
    {
        using var held = NamespaceLock.Take(stored.Plan.Namespace);
        if (Netns.Observe(stored.Plan.Namespace) is NetnsState.Ours ours)
        {
            Run(stored, ours, log);
        }
    }

    /// <summary>Brings a namespace that is up to another ruleset, and ends the flows that it no longer allows; where there is none, nothing happens.</summary>
    /// <exception cref="SystemFailure">Something failed; the namespace stays, with a ruleset or without links.</exception>
    internal static void Adjust(StoredPlan stored, RulesetChange change, Action<string> log)
    {
        using var held = NamespaceLock.Take(stored.Plan.Namespace);
        if (Netns.Observe(stored.Plan.Namespace) is NetnsState.Ours ours)
        {
            Run(stored, ours, log, change);
        }
    }

    private static void Run(StoredPlan stored, NetnsState state, Action<string> log, RulesetChange? ends = null)
    {
        var plan = stored.Plan;
        if (state is NetnsState.Foreign foreign)
        {
            throw new SystemFailure(foreign.Reason);
        }

        var made = state is not NetnsState.Ours;
        using var netns = state is NetnsState.Ours ours ? ours.Handle : Create(plan.Namespace, log);
        var guarded = false;
        try
        {
            EnsureRuleset(stored, netns, isNew: made, log, ends);
            guarded = true;
            NetnsSysctls.Ensure(netns, plan.DisableIPv6);
            EnsureLinks(plan, netns, log);
            EnsureEnvironment(plan);
        }
        catch (Exception) // whatever it was: the namespace must not stay half made
        {
            CleanUp(plan, netns, made, guarded, log);
            throw;
        }
    }

    private static void EnsureEnvironment(NamespacePlan plan)
    {
        var path = StateLayout.EnvironmentFile(plan.Namespace);
        if (StateFile.Read(path) != EnvironmentText.Of(plan))
        {
            AtomicFile.Write(path, EnvironmentText.Of(plan));
        }
    }

    private static SafeFileHandle Create(string ns, Action<string> log)
    {
        var netns = Netns.Create(ns);
        log($"made the network namespace {ns}");
        return netns;
    }

    private static void EnsureRuleset(StoredPlan stored, SafeFileHandle netns, bool isNew, Action<string> log, RulesetChange? ends)
    {
        // Flows that an older ruleset let through would go on as established; a new netns has none.
        Action<bool> loaded = isNew ? static _ => { } : wasOurs =>
        {
            if (wasOurs && ends is not null)
            {
                Conntrack.EndHere(ends);
            }
            else
            {
                Conntrack.FlushHere();
            }
        };
        if (NetnsThread.Run(netns, () => OwnTables.Inside(stored).Ensure(loaded)))
        {
            log(isNew ? "loaded the ruleset" : "loaded the ruleset, which was missing or had changed");
        }
    }

    private static void EnsureLinks(NamespacePlan plan, SafeFileHandle netns, Action<string> log)
    {
        using var inside = NetlinkSocket.OpenIn(netns, NetlinkConstants.NETLINK_ROUTE);
        foreach (var link in Links.List(inside))
        {
            if (link.IsLoopback)
            {
                LoopbackPart.Ensure(inside, link, hasIPv6: !plan.DisableIPv6);
            }
            else if (link.Kind == "veth" && link.Alias == LinkEndSpec.AliasOf(plan.Namespace) && link.Name != plan.HostLink?.NamespaceInterface)
            {
                Links.Delete(inside, link);
                log($"deleted link {link.Name} of an earlier plan");
            }
        }

        if (RulesetRecord.TableOf(StateLayout.HostRulesetRecord(plan.Namespace)) is { } table
            && table != plan.HostLink?.HostTable)
        {
            HostLink.DeleteTable(plan.Namespace, table);
        }

        if (plan.HostLink is { } wanted)
        {
            HostLink.Ensure(plan, wanted, netns, log);
        }
        else
        {
            ForwardingGuard.Delete(plan.Namespace);
        }
    }

    /// <summary>
    /// Leaves no way out: without a proven ruleset every link goes; a netns of this run goes altogether, its name last.
    /// </summary>
    private static void CleanUp(NamespacePlan plan, SafeFileHandle netns, bool made, bool guarded, Action<string> log)
    {
        var teardown = new Teardown();
        if (made || !guarded)
        {
            NetnsDown.DeleteLinks(netns, teardown);
        }

        if (made)
        {
            NetnsDown.DeleteRest(plan.Namespace, plan.HostLink?.HostTable, teardown);
        }
        else
        {
            log($"namespace {plan.Namespace} is kept, {(guarded ? "under its ruleset" : "without links")}");
        }

        teardown.Report(log);
    }
}
