using VpnConfinement.Doctor;
using VpnConfinement.Drift;

namespace VpnConfinement.Core.Tests.Doctor;

/// <summary>What requests of several sizes tell of the packets that a tunnel carries.</summary>
public sealed class RoomSearchTests
{
    private const int Mtu = 1420;

    /// <summary>On every way: what is named passes, and the next size that WireGuard sends does not.</summary>
    [Fact]
    public void The_largest_size_that_passes_is_found()
    {
        for (var room = 576; room < Mtu; room++)
        {
            var asked = 0;
            var found = Known(RoomSearch.Find(
                "echo", Mtu, (size, tries) => { asked += tries; return Sent(size) <= room; }, () => true));
            Assert.NotNull(found);
            Assert.InRange(room, Sent(found.Answered), Sent(found.Unanswered!.Value) - 1);
            Assert.True(found.Answered + 16 >= found.Unanswered);
            Assert.InRange(asked, 1, 32);
        }
    }

    [Theory]
    [InlineData(Mtu)]
    [InlineData(1500)]
    public void A_way_that_has_room_takes_two_packets(int room)
    {
        var asked = new List<int>();
        var found = RoomSearch.Find(
            "echo", Mtu, (size, _) => { asked.Add(size); return Sent(size) <= room; }, () => true);
        Assert.Equal(new TunnelRoom("echo", Mtu, null), Known(found));
        Assert.Equal([RoomSearch.Small, Mtu], asked);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(575)]
    public void A_request_that_is_answered_in_small_packets_alone_or_never_tells_nothing(int room) =>
        Assert.Null(Known(RoomSearch.Find("echo", Mtu, (size, _) => Sent(size) <= room, () => true)));

    [Fact]
    public void A_tunnel_that_no_longer_answers_is_not_known()
    {
        var left = 3;
        var found = RoomSearch.Find("echo", Mtu, (size, _) => Sent(size) <= 1340 && left-- > 0, () => true);
        Assert.IsType<Observation<TunnelRoom?>.Unknown>(found);
    }

    [Fact]
    public void A_large_packet_that_is_answered_in_the_end_was_lost_by_chance()
    {
        var seen = 0;
        var found = RoomSearch.Find("echo", Mtu, (size, _) => size < Mtu || seen++ > 0, () => true);
        Assert.Equal(new TunnelRoom("echo", Mtu, null), Known(found));
    }

    [Fact]
    public void Without_time_the_bounds_are_wider_and_hold() => Assert.Equal(
        new TunnelRoom("echo", 576, Mtu),
        Known(RoomSearch.Find("echo", Mtu, (size, _) => Sent(size) <= 1340, () => false)));

    private static int Sent(int size) => Math.Min(Mtu, (size + 15) / 16 * 16);

    private static TunnelRoom? Known(Observation<TunnelRoom?> found) =>
        Assert.IsType<Observation<TunnelRoom?>.Known>(found).Value;
}
