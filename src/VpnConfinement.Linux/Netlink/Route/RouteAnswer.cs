namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>The route that a packet would take.</summary>
/// <param name="Type">Its kind, as <c>RTN_UNICAST</c>.</param>
/// <param name="Output">Index of the link over which it leads; 0 for none.</param>
/// <param name="Mtu">Its own MTU in bytes; null for that of the link.</param>
internal sealed record RouteAnswer(byte Type, int Output, int? Mtu);
