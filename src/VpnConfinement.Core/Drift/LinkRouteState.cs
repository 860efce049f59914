namespace VpnConfinement.Drift;

/// <summary>A unicast route over a link.</summary>
/// <param name="Destination">Where it leads, with prefix length.</param>
/// <param name="Table">The routing table that it is in (linux/rtnetlink.h, RT_TABLE_MAIN is 254).</param>
/// <param name="IsConnected">Whether it is as the kernel makes it for an address of the link.</param>
public sealed record LinkRouteState(string Destination, uint Table, bool IsConnected);
