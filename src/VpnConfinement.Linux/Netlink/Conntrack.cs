using VpnConfinement.Linux.Interop;
using VpnConfinement.Plan;
using static VpnConfinement.Linux.Interop.NetlinkConstants;

namespace VpnConfinement.Linux.Netlink;

/// <summary>The connections that the calling thread's netns keeps track of.</summary>
internal static class Conntrack
{
    /// <summary>Forgets them all, so that no flow goes on by a rule that is no more (ctnetlink: a deletion without a tuple means all).</summary>
    internal static void FlushHere()
    {
        using var socket = NetlinkSocket.OpenHere(NETLINK_NETFILTER);
        socket.Execute(FlushMessage(stackalloc byte[64]), "forget the namespace's tracked connections");
    }

    /// <summary>Forgets those that a change of the ruleset ends.</summary>
    internal static void EndHere(RulesetChange change)
    {
        if (!change.ClosesAnything)
        {
            return;
        }

        if (change.EndsEverything)
        {
            FlushHere();
            return;
        }

        using var socket = NetlinkSocket.OpenHere(NETLINK_NETFILTER);
        foreach (var flow in socket.Query(ListMessage(stackalloc byte[64]), "list the namespace's tracked connections", TrackedFlow.Parse).Where(f => change.Ends(f.Protocol, f.Port, f.Destination)))
        {
            try
            {
                socket.Execute(DeleteMessage(new byte[64 + flow.Tuple.Length], flow), "forget a tracked connection");
            }
            catch (SystemFailure e) when (e.Errno == Errno.ENOENT)
            {
                // It ended by itself meanwhile.
            }
        }
    }

    /// <summary>The list request: struct nfgenmsg with any family.</summary>
    internal static Span<byte> ListMessage(Span<byte> buffer)
    {
        var writer = new NetlinkWriter(buffer, (ushort)((NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_GET), NLM_F_DUMP);
        writer.Struct([0, 0, 0, 0]);
        return writer.Finish();
    }

    /// <summary>The message that deletes one flow.</summary>
    internal static Span<byte> DeleteMessage(Span<byte> buffer, TrackedFlow flow)
    {
        var writer = new NetlinkWriter(buffer, (ushort)((NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_DELETE));
        writer.Struct([flow.Family, 0, 0, 0]);
        writer.Bytes(CTA_TUPLE_ORIG | NLA_F_NESTED, flow.Tuple);
        return writer.Finish();
    }

    /// <summary>The message, with an empty struct nfgenmsg: any family, version 0.</summary>
    internal static Span<byte> FlushMessage(Span<byte> buffer)
    {
        var writer = new NetlinkWriter(buffer, (ushort)((NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_DELETE));
        writer.Struct([0, 0, 0, 0]);
        return writer.Finish();
    }
}
