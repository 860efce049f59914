using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using static VpnConfinement.Linux.Interop.NetlinkConstants;

namespace VpnConfinement.Linux.Netlink;

/// <summary>The connections that a netns keeps track of.</summary>
internal static class Conntrack
{
    /// <summary>Forgets them all, so that no flow goes on by a rule that is no more (ctnetlink: a deletion without a tuple means all).</summary>
    internal static void Flush(SafeFileHandle netns)
    {
        using var socket = NetlinkSocket.OpenIn(netns, NETLINK_NETFILTER);
        socket.Execute(FlushMessage(stackalloc byte[64]), "forget the namespace's tracked connections");
    }

    /// <summary>The message, with an empty struct nfgenmsg: any family, version 0.</summary>
    internal static Span<byte> FlushMessage(Span<byte> buffer)
    {
        var writer = new NetlinkWriter(buffer, (ushort)((NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_DELETE));
        writer.Struct([0, 0, 0, 0]);
        return writer.Finish();
    }
}
