using System.Net;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;

namespace VpnConfinement.Linux.Tests.Netlink;

/// <summary>Which of the kernel's events are about the host's end of a host link.</summary>
public sealed class LinkEventTests
{
    private static readonly AddressPrefix Subnet = AddressPrefix.Parse("169.254.77.4/30");

    [Theory]
    [InlineData(7, true)]
    [InlineData(8, false)]
    [InlineData(0, true)]
    public void A_link_is_known_by_its_index(int index, bool concerns) =>
        Assert.Equal(concerns, NetlinkEvents.Concerns(LinkMessages.SetUp(new byte[256], 7, up: true), index, Subnet));

    [Theory]
    [InlineData(7, "198.51.100.0/24", true)]
    [InlineData(8, "169.254.77.4/30", true)]
    [InlineData(8, "169.254.77.4/29", false)]
    [InlineData(8, "198.51.100.0/24", false)]
    public void A_route_is_known_by_its_link_and_by_where_it_leads(int index, string destination, bool concerns)
    {
        var prefix = AddressPrefix.Parse(destination);
        var message = LinkRoutes.ConnectedMessage(new byte[256], LinkOf(7), prefix, IPAddress.Loopback);
        Assert.Equal(concerns, NetlinkEvents.Concerns(message, index, Subnet));
    }

    // struct nlmsghdr (length 28, RTM_NEWNETCONF), struct netconfmsg, then NETCONFA_IFINDEX.
    [Theory]
    [InlineData("07000000", true)]
    [InlineData("08000000", false)]
    [InlineData("ffffffff", true)]
    [InlineData("feffffff", false)]
    public void A_setting_is_known_by_its_link_or_is_one_of_all_links(string index, bool concerns)
    {
        var message = Convert.FromHexString($"1c0000005000000000000000000000000200000008000100{index}");
        Assert.Equal(concerns, NetlinkEvents.Concerns(message, 7, Subnet));
    }

    private static Link LinkOf(int index) => new()
    {
        Index = index,
        Name = "vh",
        Kind = "veth",
        Flags = 0,
        Mtu = 1500,
        Address = null,
        Master = 0,
        Alias = "",
        PeerIndex = 0,
        PeerNetnsId = null,
        AddressGenerationMode = null,
    };
}
