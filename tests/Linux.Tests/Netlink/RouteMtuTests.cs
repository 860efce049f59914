using System.Net;
using VpnConfinement.Linux.Netlink.Route;

namespace VpnConfinement.Linux.Tests.Netlink;

public sealed class RouteMtuTests
{
    private const string Answer =
        """
        02200000 00000001 00000000
        0800 0100 cb007107                       # to 203.0.113.7
        0800 0400 07000000                       # over link 7
        1400 0800 0800 0200 78050000 0800 0800 b0040000    # MTU 1400, advmss 1200
        """;

    [Fact]
    public void The_mark_is_asked_with_so_that_its_own_route_answers() => Assert.Equal(
        Hex.Bytes(
            """
            2c000000 1a00 0100 00000000 00000000
            02200000 00000000 00000000
            0800 0100 cb007107
            0800 1000 1f000000
            """),
        RouteMtu.Message(new byte[128], IPAddress.Parse("203.0.113.7"), 0x1f).ToArray());

    [Fact]
    public void The_zone_of_a_link_local_endpoint_names_its_link() => Assert.Equal(
        Hex.Bytes(
            """
            38000000 1a00 0100 00000000 00000000
            0a800000 00000000 00000000
            1400 0100 fe80000000000000 0000000000000009
            0800 0400 03000000
            """),
        RouteMtu.Message(new byte[128], IPAddress.Parse("fe80::9%3"), 0).ToArray());

    [Fact]
    public void A_route_with_an_MTU_of_its_own_is_read() =>
        Assert.Equal(new RouteAnswer(1, 7, 1400), RouteMtu.Parse(Hex.Bytes(Answer)));

    [Fact]
    public void Cut_short_anywhere_it_fails_cleanly_or_ends_at_an_attribute()
    {
        var whole = Hex.Bytes(Answer);
        for (var length = 0; length < whole.Length; length++)
        {
            try
            {
                RouteMtu.Parse(whole.AsSpan(0, length));
            }
            catch (SystemFailure)
            {
            }
        }
    }
}
