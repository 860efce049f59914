namespace VpnConfinement.Model;

/// <summary>The MTU of a tunnel for which none is written: what the routes to its endpoints have room for.</summary>
public static class TunnelMtu
{
    /// <summary>Bytes that WireGuard adds to a packet at most: over IPv6 (drivers/net/wireguard/device.c).</summary>
    public const int Overhead = 80;

    /// <summary>The MTU in bytes where no route is known: that of Ethernet, 1500, less the overhead.</summary>
    public const int Default = 1500 - Overhead;

    // IPv6 needs 1280 (RFC 8200, section 5), IPv4 576 by what every host takes (RFC 791). WireGuard's own packets are
    // fragmented where the route has less room.
    private const int LeastIPv6 = 1280;
    private const int LeastIPv4 = 576;

    // net_device.max_mtu of WireGuard and of TUN are above or at it.
    private const int Most = 65535;

    /// <summary>
    /// The MTU in bytes: the least of the routes', so that every peer is reached by whole packets, less the overhead.
    /// </summary>
    /// <param name="routes">MTU of the route to each endpoint, in bytes.</param>
    /// <param name="hasIPv6">Whether IPv6 goes through the tunnel.</param>
    public static int Of(IReadOnlyCollection<int> routes, bool hasIPv6) => routes.Count == 0
        ? Default
        : Math.Clamp(routes.Min() - Overhead, hasIPv6 ? LeastIPv6 : LeastIPv4, Most);
}
