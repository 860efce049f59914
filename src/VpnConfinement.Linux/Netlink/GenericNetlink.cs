using static VpnConfinement.Linux.Interop.NetlinkConstants;

namespace VpnConfinement.Linux.Netlink;

/// <summary>Generic netlink: families have names, and numbers that change from boot to boot.</summary>
internal static class GenericNetlink
{
    /// <summary>Bytes of struct genlmsghdr: command, version, reserved (u16).</summary>
    internal const int HeaderLength = 4;

    /// <summary>The number of a family.</summary>
    /// <exception cref="SystemFailure">With ENOENT: the kernel has no such family.</exception>
    internal static ushort Resolve(NetlinkSocket socket, string family)
    {
        var answers = socket.Query<object>(ResolveMessage(stackalloc byte[128], family), $"find the kernel's {family} interface", Parse);
        return answers is [ushort id, ..] ? id : throw AttributeReader.Malformed();
    }

    /// <summary>The question for a family's number.</summary>
    internal static Span<byte> ResolveMessage(Span<byte> buffer, string family)
    {
        var writer = new NetlinkWriter(buffer, GENL_ID_CTRL);
        writer.Struct([CTRL_CMD_GETFAMILY, 1, 0, 0]);
        writer.Text(CTRL_ATTR_FAMILY_NAME, family);
        return writer.Finish();
    }

    private static object? Parse(ReadOnlySpan<byte> payload)
    {
        var attributes = AttributeReader.After(payload, HeaderLength);
        while (attributes.Next())
        {
            if (attributes.Type == CTRL_ATTR_FAMILY_ID)
            {
                return attributes.Number<ushort>();
            }
        }

        return null;
    }
}
