using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using static VpnConfinement.Linux.Interop.LibcConstants;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.NfTablesConstants;
using static VpnConfinement.Linux.Interop.RouteConstants;

namespace VpnConfinement.Linux.Netlink;

/// <summary>What the kernel tells of a netns while it happens (rtnetlink(7), nf_tables), on a socket that has joined its groups.</summary>
internal sealed class NetlinkEvents : IDisposable
{
    private readonly SafeFileHandle _socket;
    private readonly byte[] _buffer = new byte[32 * 1024];
    private readonly int _protocol;

    private NetlinkEvents(int protocol, ReadOnlySpan<int> groups)
    {
        _protocol = protocol;
        _socket = KernelSocket.Open(AF_NETLINK, SOCK_RAW, protocol, "open a netlink socket");
        // One without a port is passed over: events that answer nobody count as its own.
        Kernel.BindNetlink(_socket);
        foreach (var group in groups)
        {
            KernelSocket.SetOption(_socket, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in group)), "listen to the kernel's events");
        }
    }

    /// <summary>Links, their filters, settings, addresses, routes and routing rules of a netns.</summary>
    internal static NetlinkEvents OfLinks(SafeFileHandle netns) => NetnsThread.Run(netns, static () => new NetlinkEvents(
        NETLINK_ROUTE,
        [
            RTNLGRP_LINK, RTNLGRP_TC, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_IFADDR,
            RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV6_RULE, RTNLGRP_IPV4_NETCONF, RTNLGRP_IPV6_NETCONF,
        ]));

    /// <summary>Rulesets of a netns, each event by the name of its table.</summary>
    internal static NetlinkEvents OfRulesets(SafeFileHandle netns) => NetnsThread.Run(netns, static () => new NetlinkEvents(NETLINK_NETFILTER, [NFNLGRP_NFTABLES]));

    /// <summary>Routing rules of a netns, each event by the name of the link over which something comes in.</summary>
    internal static NetlinkEvents OfRules(SafeFileHandle netns) => NetnsThread.Run(netns, static () => new NetlinkEvents(NETLINK_ROUTE, [RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE]));

    /// <summary>
    /// What happens to single links of a netns: the links themselves, their filters, settings, addresses and routes.
    /// Taken with <see cref="TakeOf"/>.
    /// </summary>
    internal static NetlinkEvents OfSingleLinks(SafeFileHandle netns) => NetnsThread.Run(netns, static () => new NetlinkEvents(
        NETLINK_ROUTE,
        [
            RTNLGRP_LINK, RTNLGRP_TC, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV6_ROUTE,
            RTNLGRP_IPV4_NETCONF, RTNLGRP_IPV6_NETCONF,
        ]));

    /// <summary>For poll(2).</summary>
    internal PollDescriptor Descriptor => new() { Descriptor = (int)_socket.DangerousGetHandle(), Events = POLLIN };

    /// <summary>Takes all that wait.</summary>
    /// <param name="name">The nftables table, or the link of routing rules, that is of interest, or null for any event.</param>
    /// <returns>Whether one of them is of interest. Some that were lost may have been.</returns>
    internal bool Take(string? name) => Take(datagram => name is null || Concerns(datagram, name));

    /// <summary>Takes all that wait.</summary>
    /// <param name="index">The link that is of interest; 0 for any, where it is not known.</param>
    /// <param name="subnet">The destination of routes that are.</param>
    /// <returns>Whether one of them is of interest. Some that were lost may have been.</returns>
    internal bool TakeOf(int index, AddressPrefix subnet) => Take(datagram => Concerns(datagram, index, subnet));

    private bool Take(ConcernsSomebody concerns)
    {
        var found = false;
        while (true)
        {
            var count = Kernel.ReceiveEvent(_socket, _buffer, out var lost);
            found |= lost || (count > 0 && concerns(_buffer.AsSpan(0, count)));
            if (count == 0 && !lost)
            {
                return found;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private delegate bool ConcernsSomebody(ReadOnlySpan<byte> datagram);

    /// <summary>Whether one of the messages of a datagram is about a link, or about a route to a subnet.</summary>
    /// <param name="datagram">What the kernel told.</param>
    /// <param name="index">The link; 0 for any.</param>
    /// <param name="subnet">The subnet.</param>
    internal static bool Concerns(ReadOnlySpan<byte> datagram, int index, AddressPrefix subnet)
    {
        var messages = new MessageReader(datagram);
        while (messages.Next())
        {
            if (index == 0 || Concerns(messages.Type, messages.Payload, index, subnet))
            {
                return true;
            }
        }

        return false;
    }

    // ifinfomsg, ifaddrmsg and tcmsg have the link's index at the same place. What is set for all links is set for each.
    private static bool Concerns(ushort type, ReadOnlySpan<byte> payload, int index, AddressPrefix subnet) => type switch
    {
        RTM_NEWROUTE or RTM_DELROUTE => payload.Length >= RouteMessageLength && ConcernsRoute(payload, index, subnet),
        RTM_NEWNETCONF or RTM_DELNETCONF => ConcernsSetting(payload, index),
        _ => payload.Length >= 8 && MemoryMarshal.Read<int>(payload[4..]) == index,
    };

    private static bool ConcernsRoute(ReadOnlySpan<byte> payload, int index, AddressPrefix subnet)
    {
        var attributes = AttributeReader.After(payload, RouteMessageLength);
        while (attributes.Next())
        {
            if ((attributes.Type == RTA_OIF && attributes.Number<int>() == index)
                || (attributes.Type == RTA_DST && payload[1] == subnet.Length
                    && AddressPrefix.FromBytes(attributes.Value, payload[1]) == subnet))
            {
                return true;
            }
        }

        return false;
    }

    private static bool ConcernsSetting(ReadOnlySpan<byte> payload, int index)
    {
        var attributes = AttributeReader.After(payload, NetconfMessageLength);
        while (attributes.Next())
        {
            if (attributes.Type == NETCONFA_IFINDEX && attributes.Number<int>() is var of)
            {
                return of == index || of == NETCONFA_IFINDEX_ALL;
            }
        }

        return false;
    }

    // Each event of a table, chain, rule, set or element has the table's name as attribute 1 after struct nfgenmsg; a new generation has a number there.
    private bool Concerns(ReadOnlySpan<byte> datagram, string name)
    {
        var (header, attribute) = _protocol == NETLINK_NETFILTER ? (NfgenmsgLength, NFTA_TABLE_NAME) : (FibRuleHeaderLength, FRA_IIFNAME);
        var messages = new MessageReader(datagram);
        while (messages.Next())
        {
            var attributes = AttributeReader.After(messages.Payload, header);
            while (attributes.Next())
            {
                if (attributes.Type == attribute && attributes.Text() == name)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
