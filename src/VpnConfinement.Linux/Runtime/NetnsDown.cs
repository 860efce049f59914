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
/// Takes a namespace down: its links first, so that a process still in it has no way out, then the host's table and routing rules, the name, the marker
/// and what was written down. Absent is fine; each step is tried, whatever became of the others.
/// </summary>
public static class NetnsDown
{
    /// <summary>Takes the namespace down.</summary>
    /// <param name="ns">Name of the namespace.</param>
    /// <param name="hostTable">Name of the host's table, or null to take the one written down by <see cref="NetnsUp"/>.</param>
    /// <param name="log">Takes a line for each thing done.</param>
    /// <exception cref="SystemFailure">Names every step that failed; a netns that is not ours is left alone.</exception>
    public static void Run(string ns, string? hostTable, Action<string> log)
    {
        using var held = NamespaceLock.Take(ns);
        var teardown = new Teardown();
        if (Netns.Observe(ns) is NetnsState.Ours ours)
        {
            using (ours.Handle)
            {
                DeleteLinks(ours.Handle, teardown);
            }

            log($"deleting the network namespace {ns}");
        }

        DeleteRest(ns, hostTable, teardown);
        teardown.Finish($"take namespace {ns} down");
    }

    /// <summary>Deletes every link but loopback.</summary>
    internal static void DeleteLinks(SafeFileHandle netns, Teardown teardown) => teardown.Try(() =>
    {
        using var inside = NetlinkSocket.OpenIn(netns, NetlinkConstants.NETLINK_ROUTE);
        foreach (var link in Links.List(inside).Where(link => !link.IsLoopback))
        {
            teardown.Try(() => DeleteOrSetDown(inside, link));
        }
    });

    // What cannot be deleted (a device that someone moved here) is at least set down.
    private static void DeleteOrSetDown(NetlinkSocket inside, Link link)
    {
        try
        {
            Links.Delete(inside, link);
        }
        catch (SystemFailure)
        {
            Links.SetDown(inside, link);
            throw;
        }
    }

    /// <summary>Deletes what is left once the links are gone.</summary>
    internal static void DeleteRest(string ns, string? hostTable, Teardown teardown)
    {
        teardown.Try(() => HostLink.DeleteTable(ns, hostTable));
        teardown.Try(() => ForwardingGuard.Delete(ns));
        teardown.Try(() => Kernel.TryUnlink(StateLayout.UnfilteredRecord(ns)));
        teardown.Try(() => Kernel.TryUnlink(StateLayout.HostLinkIndexes(ns)));
        teardown.Try(() => Netns.Delete(ns));
        teardown.Try(() => Kernel.TryUnlink(StateLayout.EnvironmentFile(ns)));
        teardown.Try(() => RulesetRecord.Delete(StateLayout.RulesetRecord(ns)));
        teardown.Try(() => Kernel.TryUnlink(StateLayout.HealthRecord(ns)));
    }
}
