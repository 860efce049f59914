using VpnConfinement.Drift;
using static VpnConfinement.Core.Tests.Drift.NamespaceSample;

namespace VpnConfinement.Core.Tests.Drift;

public sealed class TunnelComparisonTests
{
    private static readonly LinkRouteState Other = new("10.9.0.0/16", 254, false);
    private static readonly LinkRouteState Kernels = new("10.64.0.0/24", 254, true);

    private static readonly (TunnelState Seen, string[] Said)[] Cases =
    [
        (Tunnel with { IsUp = false, Routes = [] }, ["is down"]),
        (Tunnel with { Mtu = 1300 }, ["has another MTU than was applied"]),
        (Tunnel with { Addresses = [] }, ["has other addresses than were applied"]),
        (Tunnel with { Addresses = ["10.64.0.2/32", "10.99.0.1/32"] }, ["has other addresses than were applied"]),
        (Tunnel with { Routes = [] }, ["has other routes than were applied"]),
        (Tunnel with { Routes = [.. Tunnel.Routes, Other] }, ["has other routes than were applied"]),
        (Tunnel with { Routes = [.. Tunnel.Routes, Kernels] }, []),
        (Tunnel with { Device = Tunnel.Device with { FwMark = 9 } }, ["has another firewall mark than was applied"]),
        (Tunnel with { Device = Tunnel.Device with { ListenPort = 9 } }, []),
        (Tunnel with { Device = Tunnel.Device with { Peers = [] } }, ["has other peers than were applied"]),
        (WithPeers(new(Key('k'), ["0.0.0.0/0"], 25), new(Key('x'), [], 0)), ["has other peers than were applied"]),
        (WithPeers(new PeerState(Key('k'), ["10.0.0.0/8"], 25)), ["has other allowed IPs than were applied"]),
        (
            WithPeers(new PeerState(Key('k'), ["0.0.0.0/0"], 7)),
            [$"has another persistent keepalive than was applied for the peer {Key('k')}"]),
    ];

    public static TheoryData<int> Numbers { get; } = [.. Enumerable.Range(0, Cases.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Every_difference_is_said(int number) =>
        Assert.Equal(Cases[number].Said, TunnelComparison.Of(Planned.WireGuard, Cases[number].Seen));

    [Fact]
    public void A_listen_port_that_is_wanted_has_to_be_the_one_in_use() => Assert.Equal(
        ["has another listen port than was applied"],
        TunnelComparison.Of(Planned.WireGuard with { ListenPort = 7 }, Tunnel));

    [Theory]
    [InlineData(1300, 1300, true)]
    [InlineData(1300, 1420, false)]
    [InlineData(1420, null, false)]
    public void Where_no_MTU_is_written_that_of_the_route_holds_which_has_to_be_known(int seen, int? given, bool isAsApplied)
    {
        var wanted = Planned.WireGuard with { Mtu = null };
        var said = TunnelComparison.Of(wanted, Tunnel with { Mtu = (uint)seen, RouteMtu = given });
        Assert.Equal(isAsApplied ? [] : ["has another MTU than was applied"], said);
    }

    [Fact]
    public void A_written_MTU_counts_whatever_a_route_gave_before() => Assert.Equal(
        ["has another MTU than was applied"],
        TunnelComparison.Of(Planned.WireGuard, Tunnel with { Mtu = 1300, RouteMtu = 1300 }));

    [Fact]
    public void A_peer_whose_name_has_no_address_yet_may_be_missing()
    {
        var peer = Assert.Single(Planned.WireGuard.Peers) with { Endpoint = null, EndpointName = new("vpn.example", 51820) };
        var wanted = Planned.WireGuard with { Peers = [peer] };
        Assert.Empty(TunnelComparison.Of(wanted, Tunnel with { Device = Tunnel.Device with { Peers = [] } }));
        Assert.Empty(TunnelComparison.Of(wanted, Tunnel));
    }

    private static TunnelState WithPeers(params PeerState[] peers) =>
        Tunnel with { Device = Tunnel.Device with { Peers = peers } };
}
