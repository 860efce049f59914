using System.Runtime.InteropServices;
using static VpnConfinement.Linux.Interop.NetlinkConstants;

namespace VpnConfinement.Linux.Netlink;

/// <summary>The kernel's last word on a request: done, or an error number with its own words.</summary>
internal static class Acknowledgement
{
    /// <summary>Throws where the request failed.</summary>
    /// <param name="type"><c>NLMSG_ERROR</c> or <c>NLMSG_DONE</c>.</param>
    /// <param name="flags">The message's flags, which say what follows the number.</param>
    /// <param name="payload">What follows the header.</param>
    /// <param name="doing">What was being done.</param>
    internal static void Check(ushort type, ushort flags, ReadOnlySpan<byte> payload, string doing)
    {
        // A list may end in a message without a number; an acknowledgement always has one.
        if (payload.Length < 4)
        {
            if (type == NLMSG_DONE)
            {
                return;
            }

            throw AttributeReader.Malformed();
        }

        var error = MemoryMarshal.Read<int>(payload);
        if (error < 0)
        {
            throw new SystemFailure(doing, -error, KernelMessage(type, flags, payload));
        }
    }

    private static string? KernelMessage(ushort type, ushort flags, ReadOnlySpan<byte> payload)
    {
        if ((flags & NLM_F_ACK_TLVS) == 0)
        {
            return null;
        }

        var start = 4;
        if (type == NLMSG_ERROR)
        {
            // The request's header follows, and its whole body too unless the kernel capped it.
            if (payload.Length < 4 + NLMSG_HDRLEN)
            {
                throw AttributeReader.Malformed();
            }

            var request = (flags & NLM_F_CAPPED) != 0 ? NLMSG_HDRLEN : MemoryMarshal.Read<uint>(payload[4..]);
            if (request < NLMSG_HDRLEN || request > (uint)(payload.Length - 4))
            {
                throw AttributeReader.Malformed();
            }

            start += (int)((request + 3) & ~3u);
        }

        if (start > payload.Length)
        {
            return null;
        }

        var attributes = new AttributeReader(payload[start..]);
        while (attributes.Next())
        {
            if (attributes.Type == NLMSGERR_ATTR_MSG)
            {
                return attributes.Text();
            }
        }

        return null;
    }
}
