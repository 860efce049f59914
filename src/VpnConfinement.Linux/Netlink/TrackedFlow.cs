using System.Buffers.Binary;
using System.Net;
using static VpnConfinement.Linux.Interop.NetlinkConstants;

namespace VpnConfinement.Linux.Netlink;

/// <summary>A flow that a netns keeps track of (linux/netfilter/nfnetlink_conntrack.h).</summary>
/// <param name="Protocol">Number of its protocol.</param>
/// <param name="Port">The port to which its first packet went; 0 where its protocol has none.</param>
/// <param name="Destination">Where that packet went.</param>
/// <param name="Family">AF_INET or AF_INET6.</param>
/// <param name="Tuple">How the kernel names it: CTA_TUPLE_ORIG as it came.</param>
internal sealed record TrackedFlow(byte Protocol, ushort Port, IPAddress Destination, byte Family, byte[] Tuple)
{
    /// <summary>Reads one from the answer to a list request.</summary>
    internal static TrackedFlow? Parse(ReadOnlySpan<byte> payload)
    {
        var attributes = AttributeReader.After(payload, NfgenmsgLength);
        while (attributes.Next())
        {
            if (attributes.Type == CTA_TUPLE_ORIG)
            {
                return ParseTuple(attributes, payload[0]);
            }
        }

        throw AttributeReader.Malformed();
    }

    private static TrackedFlow ParseTuple(AttributeReader tuple, byte family)
    {
        IPAddress? destination = null;
        byte? protocol = null;
        ushort port = 0;
        var parts = tuple.Nested();
        while (parts.Next())
        {
            var inner = parts.Nested();
            while (inner.Next())
            {
                switch ((parts.Type, inner.Type))
                {
                    case (CTA_TUPLE_IP, CTA_IP_V4_DST or CTA_IP_V6_DST) when inner.Value.Length is 4 or 16:
                        destination = new IPAddress(inner.Value);
                        break;
                    case (CTA_TUPLE_PROTO, CTA_PROTO_NUM):
                        protocol = inner.Number<byte>();
                        break;
                    case (CTA_TUPLE_PROTO, CTA_PROTO_DST_PORT) when inner.Value.Length == 2:
                        port = BinaryPrimitives.ReadUInt16BigEndian(inner.Value);
                        break;
                }
            }
        }

        return destination is not null && protocol is { } number ? new TrackedFlow(number, port, destination, family, tuple.Value.ToArray()) : throw AttributeReader.Malformed();
    }
}
