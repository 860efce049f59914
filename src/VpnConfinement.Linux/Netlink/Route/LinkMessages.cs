using System.Runtime.InteropServices;
using VpnConfinement.Model;
using static VpnConfinement.Linux.Interop.LibcConstants;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.RouteConstants;

namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>The messages about links, byte for byte. Namespaces are given as descriptor numbers.</summary>
internal static class LinkMessages
{
    /// <summary>Asks for one link.</summary>
    internal static Span<byte> Get(Span<byte> buffer, string name)
    {
        var writer = new NetlinkWriter(buffer, RTM_GETLINK);
        Info(ref writer);
        writer.Text(IFLA_IFNAME, name);
        return writer.Finish();
    }

    /// <summary>Asks for one link by its index.</summary>
    internal static Span<byte> Get(Span<byte> buffer, int index)
    {
        var writer = new NetlinkWriter(buffer, RTM_GETLINK);
        Info(ref writer, index);
        return writer.Finish();
    }

    /// <summary>Asks for all links.</summary>
    internal static Span<byte> List(Span<byte> buffer)
    {
        var writer = new NetlinkWriter(buffer, RTM_GETLINK, NLM_F_DUMP);
        Info(ref writer);
        return writer.Finish();
    }

    /// <summary>Makes a veth pair: one end here, the other straight in another netns.</summary>
    internal static Span<byte> CreateVeth(Span<byte> buffer, string name, MacAddress address, string peerName, MacAddress peerAddress, int peerNetns)
    {
        var writer = new NetlinkWriter(buffer, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
        Info(ref writer);
        writer.Text(IFLA_IFNAME, name);
        writer.Bytes(IFLA_ADDRESS, address.ToBytes());
        var info = writer.Nest(IFLA_LINKINFO);
        writer.Text(IFLA_INFO_KIND, "veth");
        var data = writer.Nest(IFLA_INFO_DATA);
        var peer = writer.Nest(VETH_INFO_PEER);
        Info(ref writer);
        writer.Text(IFLA_IFNAME, peerName);
        writer.Bytes(IFLA_ADDRESS, peerAddress.ToBytes());
        writer.U32(IFLA_NET_NS_FD, (uint)peerNetns);
        writer.End(peer);
        writer.End(data);
        writer.End(info);
        return writer.Finish();
    }

    /// <summary>Makes a WireGuard link straight in another netns; its UDP socket belongs to the netns of the netlink socket.</summary>
    internal static Span<byte> CreateWireGuard(Span<byte> buffer, string name, int netns)
    {
        var writer = new NetlinkWriter(buffer, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
        Info(ref writer);
        writer.Text(IFLA_IFNAME, name);
        writer.U32(IFLA_NET_NS_FD, (uint)netns);
        var info = writer.Nest(IFLA_LINKINFO);
        writer.Text(IFLA_INFO_KIND, "wireguard");
        writer.End(info);
        return writer.Finish();
    }

    /// <summary>Moves a link into another netns and renames it, in one step.</summary>
    internal static Span<byte> Move(Span<byte> buffer, int index, string newName, int netns)
    {
        var writer = Change(buffer, index);
        writer.Text(IFLA_IFNAME, newName);
        writer.U32(IFLA_NET_NS_FD, (uint)netns);
        return writer.Finish();
    }

    /// <summary>Sets a link up or down.</summary>
    internal static Span<byte> SetUp(Span<byte> buffer, int index, bool up)
    {
        var writer = new NetlinkWriter(buffer, RTM_NEWLINK);
        Info(ref writer, index, flags: up ? IFF_UP : 0, change: IFF_UP);
        return writer.Finish();
    }

    /// <summary>Gives a link another name.</summary>
    internal static Span<byte> Rename(Span<byte> buffer, int index, string name)
    {
        var writer = Change(buffer, index);
        writer.Text(IFLA_IFNAME, name);
        return writer.Finish();
    }

    /// <summary>Takes a link out of the bridge, bond or VRF that it is a port of.</summary>
    internal static Span<byte> Free(Span<byte> buffer, int index)
    {
        var writer = Change(buffer, index);
        writer.U32(IFLA_MASTER, 0);
        return writer.Finish();
    }

    /// <summary>Sets the hardware address.</summary>
    internal static Span<byte> SetAddress(Span<byte> buffer, int index, MacAddress address)
    {
        var writer = Change(buffer, index);
        writer.Bytes(IFLA_ADDRESS, address.ToBytes());
        return writer.Finish();
    }

    /// <summary>Sets the MTU in bytes.</summary>
    internal static Span<byte> SetMtu(Span<byte> buffer, int index, uint mtu)
    {
        var writer = Change(buffer, index);
        writer.U32(IFLA_MTU, mtu);
        return writer.Finish();
    }

    /// <summary>Sets the alias that administrators see.</summary>
    internal static Span<byte> SetAlias(Span<byte> buffer, int index, string alias)
    {
        var writer = Change(buffer, index);
        writer.Text(IFLA_IFALIAS, alias);
        return writer.Finish();
    }

    /// <summary>Keeps IPv6 from giving the link addresses by itself, link-local ones included.</summary>
    internal static Span<byte> SetNoGeneratedAddresses(Span<byte> buffer, int index)
    {
        var writer = Change(buffer, index);
        var families = writer.Nest(IFLA_AF_SPEC);
        var family = writer.Nest(AF_INET6);
        writer.U8(IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
        writer.End(family);
        writer.End(families);
        return writer.Finish();
    }

    /// <summary>Deletes a link.</summary>
    internal static Span<byte> Delete(Span<byte> buffer, int index)
    {
        var writer = new NetlinkWriter(buffer, RTM_DELLINK);
        Info(ref writer, index);
        return writer.Finish();
    }

    private static NetlinkWriter Change(Span<byte> buffer, int index)
    {
        var writer = new NetlinkWriter(buffer, RTM_NEWLINK);
        Info(ref writer, index);
        return writer;
    }

    /// <summary>struct ifinfomsg: family, padding, type (u16), index, flags, change.</summary>
    private static void Info(ref NetlinkWriter writer, int index = 0, uint flags = 0, uint change = 0)
    {
        Span<byte> info = stackalloc byte[LinkParser.InfoLength];
        info.Clear();
        MemoryMarshal.Write(info[4..], index);
        MemoryMarshal.Write(info[8..], flags);
        MemoryMarshal.Write(info[12..], change);
        writer.Struct(info);
    }
}
