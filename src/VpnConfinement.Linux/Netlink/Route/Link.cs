using VpnConfinement.Model;

namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>A link as the kernel describes it.</summary>
internal sealed record Link
{
    /// <summary>Interface index, per netns.</summary>
    internal required int Index { get; init; }

    /// <summary>Interface name.</summary>
    internal required string Name { get; init; }

    /// <summary>Kind, as <c>veth</c>, <c>wireguard</c> or <c>tun</c>; empty where it has none.</summary>
    internal required string Kind { get; init; }

    /// <summary>Flags, <c>IFF_UP</c> and others.</summary>
    internal required uint Flags { get; init; }

    /// <summary>MTU in bytes.</summary>
    internal required uint Mtu { get; init; }

    /// <summary>Hardware address, or null where it has none of Ethernet's length.</summary>
    internal required MacAddress? Address { get; init; }

    /// <summary>Index of the bridge, bond or VRF that it is a port of; 0 for none.</summary>
    internal required int Master { get; init; }

    /// <summary>The alias an administrator gave it, or empty.</summary>
    internal required string Alias { get; init; }

    /// <summary>Index of the link it hangs on, in <see cref="PeerNetnsId"/>; for a veth the other end. 0 for none.</summary>
    internal required int PeerIndex { get; init; }

    /// <summary>Netns id in which <see cref="PeerIndex"/> counts, or null for this netns.</summary>
    internal required int? PeerNetnsId { get; init; }

    /// <summary>How IPv6 makes addresses on it by itself (<c>IN6_ADDR_GEN_MODE_NONE</c> is 1), or null without IPv6.</summary>
    internal required byte? AddressGenerationMode { get; init; }

    /// <summary>Whether it is up.</summary>
    internal bool IsUp => (Flags & Interop.RouteConstants.IFF_UP) != 0;

    /// <summary>Whether it is the loopback link.</summary>
    internal bool IsLoopback => (Flags & Interop.RouteConstants.IFF_LOOPBACK) != 0;
}
