using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Compile.Nftables;

/// <summary>
/// The table, in the birthplace's netns, that holds the tunnel's own packets to the peers' endpoints (docs/security.md, S-15): whatever
/// carries the mark goes to one of them over UDP or nowhere. Packets without the mark never match, so the rest of that netns is not touched;
/// nothing here uses connection tracking, which would switch it on there.
/// </summary>
/// <remarks>
/// The output hook comes before fragmentation (net/ipv4/ip_output.c, ip_local_out before ip_output), so a datagram is judged whole; a fragment
/// that a raw socket made has no ports after the first and is dropped. The chain runs before all that may rewrite the mark (mangle, -150): what
/// counts is the mark that the socket set. Received packets pass the input hook and are not concerned.
/// </remarks>
public static class EndpointPinRuleset
{
    /// <summary>Name of the named counter of packets that went to an endpoint.</summary>
    public const string AllowedCounter = "pinned";

    /// <summary>Name of the named counter of packets with the mark that were meant for anything else.</summary>
    public const string RefusedCounter = "refused_pin";

    /// <summary>Name of the table, family inet: one a namespace.</summary>
    public static string Table(NamespaceName ns) => "vpnc_endpoint_pin_" + ContentHash.Of("endpoint-pin:" + ns)[..12];

    /// <summary>The text that nft loads.</summary>
    /// <param name="pinning">The table and the mark.</param>
    /// <param name="endpoints">Addresses and UDP ports of the peers.</param>
    public static string Compile(PinPlan pinning, IEnumerable<IPEndPoint> endpoints)
    {
        // Mark 0 is every packet that has none.
        ArgumentOutOfRangeException.ThrowIfZero(pinning.Mark);
        const string Set = "endpoints";
        IpFamily[] families = [IpFamily.V4, IpFamily.V6];
        var marked = Match.Mark(pinning.Mark);
        return new Ruleset(
            pinning.Table,
            [AllowedCounter, RefusedCounter],
            families.Select(f => NamedSet.Endpoints(Set, f, endpoints)),
            [
                new Chain("output", "output", "raw - 10", Verdict.Accept,
                [
                    .. families.Select(f => new Rule(Verdict.Accept, AllowedCounter, marked, Match.ToUdpEndpoint(f, Set))),
                    new Rule(Verdict.Drop, RefusedCounter, marked),
                ]),
            ]).ToString();
    }
}
