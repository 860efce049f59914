namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>A route over a link.</summary>
/// <param name="Destination">Where it leads.</param>
/// <param name="IsKernels">Whether the kernel made it by itself, for an address of the link.</param>
internal sealed record RouteEntry(AddressPrefix Destination, bool IsKernels);
