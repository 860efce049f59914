using System.Net;
using System.Runtime.InteropServices;
using static VpnConfinement.Linux.Interop.LibcConstants;
using static VpnConfinement.Linux.Interop.RouteConstants;

namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>What all messages about routes have in common (linux/rtnetlink.h).</summary>
internal static class RouteMessages
{
    /// <summary>Writes struct rtmsg: family, destination and source length, tos, table, protocol, scope, type, flags (u32).</summary>
    internal static void Info(
        ref NetlinkWriter writer,
        byte family = 0,
        byte length = 0,
        byte tos = 0,
        byte table = 0,
        byte protocol = 0,
        byte scope = 0,
        byte type = 0) => writer.Struct([family, length, 0, tos, table, protocol, scope, type, 0, 0, 0, 0]);

    /// <summary>Reads the payload of RTM_NEWROUTE; null for a family other than IP, and for a copy in a cache.</summary>
    internal static LinkRoute? Parse(ReadOnlySpan<byte> payload)
    {
        var attributes = AttributeReader.After(payload, RouteMessageLength);
        if (payload[0] is not (AF_INET or AF_INET6) || (MemoryMarshal.Read<uint>(payload[8..]) & RTM_F_CLONED) != 0)
        {
            return null;
        }

        var any = payload[0] == AF_INET6 ? IPAddress.IPv6Any : IPAddress.Any;
        var destination = new AddressPrefix(any, payload[1]);
        uint output = 0, table = payload[4], metric = 0;
        IPAddress? gateway = null;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case RTA_DST:
                    destination = AddressPrefix.FromBytes(attributes.Value, payload[1]);
                    break;
                case RTA_OIF:
                    output = attributes.Number<uint>();
                    break;
                case RTA_TABLE:
                    table = attributes.Number<uint>();
                    break;
                case RTA_PRIORITY:
                    metric = attributes.Number<uint>();
                    break;
                case RTA_GATEWAY:
                    gateway = AddressPrefix.FromBytes(attributes.Value, 0).Address;
                    break;
            }
        }

        return new LinkRoute
        {
            Destination = destination,
            Output = output,
            Table = table,
            Protocol = payload[5],
            Type = payload[7],
            Metric = metric,
            TypeOfService = payload[3],
            Gateway = gateway,
        };
    }
}
