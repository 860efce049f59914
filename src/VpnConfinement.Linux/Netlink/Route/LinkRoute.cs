using System.Net;
using static VpnConfinement.Linux.Interop.RouteConstants;

namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>A route, in whatever table.</summary>
internal sealed record LinkRoute
{
    /// <summary>Where it leads.</summary>
    internal required AddressPrefix Destination { get; init; }

    /// <summary>Index of the link that it leads over; 0 for none, or several.</summary>
    internal required uint Output { get; init; }

    /// <summary>The table that it is in (<c>RT_TABLE_MAIN</c> and others).</summary>
    internal required uint Table { get; init; }

    /// <summary>Who made it (<c>RTPROT_KERNEL</c> and others).</summary>
    internal required byte Protocol { get; init; }

    /// <summary>What it does (<c>RTN_UNICAST</c> and others).</summary>
    internal required byte Type { get; init; }

    /// <summary>Its metric.</summary>
    internal required uint Metric { get; init; }

    /// <summary>Its type of service.</summary>
    internal required byte TypeOfService { get; init; }

    /// <summary>Its gateway, or null for none.</summary>
    internal required IPAddress? Gateway { get; init; }

    /// <summary>Whether the kernel made it by itself, for an address of the link.</summary>
    internal bool IsKernels => Protocol == RTPROT_KERNEL;

    /// <summary>Whether it is as the kernel makes it for an IPv4 address of the link.</summary>
    internal bool IsConnected => this is
    {
        Destination.IsIPv6: false, Table: RT_TABLE_MAIN, Protocol: RTPROT_KERNEL, Metric: 0, TypeOfService: 0,
        Gateway: null,
    };
}
