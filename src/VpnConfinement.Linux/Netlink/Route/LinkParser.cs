using System.Runtime.InteropServices;
using VpnConfinement.Model;
using static VpnConfinement.Linux.Interop.LibcConstants;
using static VpnConfinement.Linux.Interop.RouteConstants;

namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>Reads the payload of RTM_NEWLINK.</summary>
internal static class LinkParser
{
    /// <summary>Bytes of struct ifinfomsg.</summary>
    internal const int InfoLength = 16;

    /// <summary>The link that a message describes.</summary>
    internal static Link Parse(ReadOnlySpan<byte> payload)
    {
        var attributes = AttributeReader.After(payload, InfoLength);
        string name = "", kind = "", alias = "";
        uint mtu = 0;
        var peerIndex = 0;
        int? peerNetns = null;
        byte? mode = null;
        var master = 0;
        MacAddress? address = null;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case IFLA_IFNAME:
                    name = attributes.Text();
                    break;
                case IFLA_MTU:
                    mtu = attributes.Number<uint>();
                    break;
                case IFLA_LINK:
                    peerIndex = attributes.Number<int>();
                    break;
                case IFLA_LINK_NETNSID:
                    peerNetns = attributes.Number<int>();
                    break;
                case IFLA_MASTER:
                    master = attributes.Number<int>();
                    break;
                case IFLA_ADDRESS when attributes.Value.Length == MacAddress.Length:
                    address = MacAddress.FromBytes(attributes.Value);
                    break;
                case IFLA_IFALIAS:
                    alias = attributes.Text();
                    break;
                case IFLA_LINKINFO:
                    kind = Kind(attributes.Nested());
                    break;
                case IFLA_AF_SPEC:
                    mode = AddressGenerationMode(attributes.Nested());
                    break;
            }
        }

        return new Link
        {
            Index = MemoryMarshal.Read<int>(payload[4..]),
            Flags = MemoryMarshal.Read<uint>(payload[8..]),
            Name = name,
            Kind = kind,
            Alias = alias,
            Mtu = mtu,
            Master = master,
            Address = address,
            PeerIndex = peerIndex,
            PeerNetnsId = peerNetns,
            AddressGenerationMode = mode,
        };
    }

    private static string Kind(AttributeReader attributes)
    {
        while (attributes.Next())
        {
            if (attributes.Type == IFLA_INFO_KIND)
            {
                return attributes.Text();
            }
        }

        return "";
    }

    private static byte? AddressGenerationMode(AttributeReader families)
    {
        while (families.Next())
        {
            if (families.Type != AF_INET6)
            {
                continue;
            }

            var attributes = families.Nested();
            while (attributes.Next())
            {
                if (attributes.Type == IFLA_INET6_ADDR_GEN_MODE)
                {
                    return attributes.Number<byte>();
                }
            }
        }

        return null;
    }
}
