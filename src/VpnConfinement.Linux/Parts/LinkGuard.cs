using VpnConfinement.Compile.Frames;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Parts;

/// <summary>
/// The filters of a host link (S-36): the host's end takes in and lets out nothing but what is between the two ends,
/// and the namespace's end lets out nothing else either. Where the kernel has no such filters the host's table, routing
/// rules and settings are all there is, which is written down and said.
/// </summary>
internal static class LinkGuard
{
    /// <summary>Makes both ends run their filters.</summary>
    /// <returns>Whether one was missing.</returns>
    /// <exception cref="SystemFailure">The kernel has filters and refused these.</exception>
    internal static bool Ensure(string ns, HostLinkPlan plan, LinkEnd host, LinkEnd inside, Action<string> log)
    {
        var (leaving, entering) = (HostLinkFilters.OutOfNamespace(plan), HostLinkFilters.IntoNamespace(plan));
        try
        {
            var changed = TrafficFilters.Ensure(host.Socket, host.Link, incoming: leaving, outgoing: entering)
                | TrafficFilters.Ensure(inside.Socket, inside.Link, incoming: null, outgoing: leaving);
            Kernel.TryUnlink(StateLayout.UnfilteredRecord(ns));
            return changed;
        }
        catch (SystemFailure e) when (TrafficFilters.IsLacking(e))
        {
            if (Lacking(ns) is null)
            {
                log($"the host link {plan.HostInterface} runs no filter: {e.Message}; it is guarded by its name alone. "
                    + "Load the kernel modules sch_ingress and cls_bpf, then run 'vpn-confinement apply'");
                AtomicFile.Write(StateLayout.UnfilteredRecord(ns), e.Message + "\n");
            }

            return false;
        }
    }

    /// <summary>Whether both ends run their filters.</summary>
    internal static bool IsThere(HostLinkPlan plan, LinkEnd host, LinkEnd inside)
    {
        var (leaving, entering) = (HostLinkFilters.OutOfNamespace(plan), HostLinkFilters.IntoNamespace(plan));
        return TrafficFilters.AreThere(host.Socket, host.Link, incoming: leaving, outgoing: entering)
            && TrafficFilters.AreThere(inside.Socket, inside.Link, incoming: null, outgoing: leaving);
    }

    /// <summary>Why the link was brought up without filters, in the kernel's words; null where it has them.</summary>
    internal static string? Lacking(string ns) => StateFile.Read(StateLayout.UnfilteredRecord(ns))?.TrimEnd('\n');
}
