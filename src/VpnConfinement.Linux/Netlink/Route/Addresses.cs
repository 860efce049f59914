using System.Runtime.InteropServices;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.RouteConstants;

namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>The addresses of a link.</summary>
internal static class Addresses
{
    private const int Room = 256;

    /// <summary>Bytes of struct ifaddrmsg: family, prefix length, flags, scope, index (u32).</summary>
    private const int InfoLength = 8;

    /// <summary>Makes a link have exactly these addresses.</summary>
    internal static void Ensure(NetlinkSocket socket, Link link, IReadOnlyCollection<AddressPrefix> wanted)
    {
        Span<byte> buffer = stackalloc byte[Room];
        var present = List(socket, link);
        foreach (var address in present.Where(address => !wanted.Contains(address)))
        {
            socket.Execute(Message(buffer, RTM_DELADDR, 0, link, address), $"delete address {address} of link {link.Name}");
        }

        foreach (var address in wanted.Where(address => !present.Contains(address)))
        {
            socket.Execute(
                Message(buffer, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, link, address),
                $"add address {address} to link {link.Name}");
        }
    }

    /// <summary>The addresses that a link has.</summary>
    internal static IReadOnlyList<AddressPrefix> List(NetlinkSocket socket, Link link)
    {
        var writer = new NetlinkWriter(stackalloc byte[Room], RTM_GETADDR, NLM_F_DUMP);
        Span<byte> info = stackalloc byte[InfoLength];
        info.Clear();
        writer.Struct(info);
        return socket.Query<AddressPrefix>(
            writer.Finish(),
            $"list the addresses of link {link.Name}",
            payload => payload.Length < InfoLength ? throw AttributeReader.Malformed()
                : MemoryMarshal.Read<int>(payload[4..]) == link.Index ? Parse(payload) : null);
    }

    /// <summary>The message that adds or deletes an address.</summary>
    internal static Span<byte> Message(Span<byte> buffer, ushort type, ushort flags, Link link, AddressPrefix address)
    {
        var writer = new NetlinkWriter(buffer, type, flags);
        Span<byte> info = stackalloc byte[InfoLength];
        info.Clear();
        info[0] = address.Family;
        info[1] = address.Length;
        info[3] = link.IsLoopback ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
        MemoryMarshal.Write(info[4..], link.Index);
        writer.Struct(info);
        writer.Address(IFA_LOCAL, address);
        writer.Address(IFA_ADDRESS, address);
        if (address.IsIPv6)
        {
            // Nobody on a point-to-point link can have the address too; waiting for an answer would only delay the tunnel.
            writer.U32(IFA_FLAGS, IFA_F_NODAD);
        }

        return writer.Finish();
    }

    private static AddressPrefix? Parse(ReadOnlySpan<byte> payload)
    {
        // IFA_LOCAL is the link's own address; IPv6 has only IFA_ADDRESS.
        AddressPrefix? local = null, address = null;
        var attributes = AttributeReader.After(payload, InfoLength);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case IFA_LOCAL:
                    local = AddressPrefix.FromBytes(attributes.Value, payload[1]);
                    break;
                case IFA_ADDRESS:
                    address = AddressPrefix.FromBytes(attributes.Value, payload[1]);
                    break;
            }
        }

        return local ?? address;
    }
}
