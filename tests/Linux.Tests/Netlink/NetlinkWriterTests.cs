using VpnConfinement.Compile.Frames;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Model;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.RouteConstants;

namespace VpnConfinement.Linux.Tests.Netlink;

public sealed class NetlinkWriterTests
{
    [Fact]
    public void Attributes_are_padded_and_nests_have_their_length()
    {
        var writer = new NetlinkWriter(stackalloc byte[128], 0x1234, NLM_F_CREATE);
        writer.Struct([1, 2, 3]);
        var nest = writer.Nest(7);
        writer.U8(1, 0xff);
        writer.U16(2, 0x0102);
        writer.U32(3, 0x01020304);
        writer.Text(4, "ab");
        writer.End(nest);
        Hex.Equal(
            """
            38000000 3412 0104 00000000 00000000
            01020300
            2400 0780
            0500 0100 ff000000
            0600 0200 02010000
            0800 0300 04030201
            0700 0400 61620000
            """,
            writer.Finish());
    }

    [Fact]
    public void What_does_not_fit_is_refused_whole()
    {
        Assert.Throws<InvalidOperationException>(() => new NetlinkWriter(new byte[15], 1));
        Assert.Throws<InvalidOperationException>(() =>
        {
            var writer = new NetlinkWriter(new byte[24], 1);
            writer.Bytes(1, [1, 2, 3, 4, 5]);
        });
        Assert.Throws<InvalidOperationException>(() =>
        {
            var writer = new NetlinkWriter(new byte[100_000], 1);
            writer.Bytes(1, new byte[65536]);
        });
        Assert.Throws<InvalidOperationException>(() =>
        {
            var writer = new NetlinkWriter(new byte[200_000], 1);
            var nest = writer.Nest(1);
            writer.Bytes(1, new byte[60_000]);
            writer.Bytes(1, new byte[60_000]);
            writer.End(nest);
        });
    }

    [Fact]
    public void Veth_pair_has_its_other_end_in_another_netns() => Hex.Equal(
        """
        78000000 1000 0106 00000000 00000000  # RTM_NEWLINK, CREATE EXCL REQUEST
        00000000 00000000 00000000 00000000   # ifinfomsg
        0800 0300 76683100                    # IFLA_IFNAME vh1
        0a00 0100 02000000 00010000           # IFLA_ADDRESS
        4400 1280                             # IFLA_LINKINFO
          0900 0100 76657468 00000000         # IFLA_INFO_KIND veth
          3400 0280                           # IFLA_INFO_DATA
            3000 0180                         # VETH_INFO_PEER
              00000000 00000000 00000000 00000000
              0800 0300 766e3100              # vn1
              0a00 0100 02000000 00020000
              0800 1c00 05000000              # IFLA_NET_NS_FD 5
        """,
        LinkMessages.CreateVeth(stackalloc byte[256], "vh1", MacAddress.FromBytes([2, 0, 0, 0, 0, 1]), "vn1", MacAddress.FromBytes([2, 0, 0, 0, 0, 2]), 5));

    [Fact]
    public void A_link_leaves_its_bridge_with_a_master_of_none() => Hex.Equal(
        """
        28000000 1000 0100 00000000 00000000
        00000000 03000000 00000000 00000000
        0800 0a00 00000000                    # IFLA_MASTER
        """,
        LinkMessages.Free(stackalloc byte[256], 3));

    [Fact]
    public void A_filter_comes_first_sees_every_protocol_and_decides() => Hex.Equal(
        """
        54000000 2c00 0105 00000000 00000000  # RTM_NEWTFILTER, CREATE REPLACE REQUEST
        00000000 03000000 01000000            # tcmsg: link 3, handle 1
        f2ffffff 00030100                     # clsact ingress, priority 1, ETH_P_ALL
        0800 0100 62706600                    # TCA_KIND bpf
        2800 0280                             # TCA_OPTIONS
          0600 0400 02000000                  # TCA_BPF_OPS_LEN 2
          1400 0500 28000000 0c000000         # TCA_BPF_OPS: ldh [12]
                    06000000 02000000         #   ret TC_ACT_SHOT
          0800 0800 01000000                  # TCA_BPF_FLAG_ACT_DIRECT
        """,
        TrafficFilters.SetMessage(stackalloc byte[256], 3, RouteConstants.TC_H_CLSACT_INGRESS, DropsAll));

    [Fact]
    public void A_filter_is_read_back_as_it_was_written()
    {
        var filter = DropsAll;
        var message = TrafficFilters.SetMessage(stackalloc byte[256], 3, RouteConstants.TC_H_CLSACT_INGRESS, filter);
        var read = TrafficFilters.Parse(message[NetlinkConstants.NLMSG_HDRLEN..]);
        Assert.NotNull(read);
        Assert.Equal((1u, "bpf", true), (read.Handle, read.Kind, read.Decides));
        Assert.Equal("280000000c0000000600000002000000", Convert.ToHexStringLower(read.Program));
    }

    [Fact]
    public void An_unreachable_route_is_the_last_of_all_and_called_the_kernels() => Hex.Equal(
        """
        2c000000 1800 0106 00000000 00000000  # RTM_NEWROUTE, CREATE EXCL REQUEST
        021e0000 fe020007 00000000            # rtmsg: AF_INET, /30, main, RTPROT_KERNEL, universe, RTN_UNREACHABLE
        0800 0100 a9fe0104                    # RTA_DST 169.254.1.4
        0800 0600 ffffffff                    # RTA_PRIORITY
        """,
        UnreachableRoutes.Message(stackalloc byte[64], RouteConstants.RTM_NEWROUTE, NetlinkConstants.NLM_F_CREATE | NetlinkConstants.NLM_F_EXCL, AddressPrefix.Parse("169.254.1.4/30")));

    private static FrameFilter DropsAll { get; } = new([new(40, 0, 0, 12), new(6, 0, 0, 2)]);

    [Fact]
    public void WireGuard_link_is_made_straight_in_the_netns() => Hex.Equal(
        """
        44000000 1000 0106 00000000 00000000
        00000000 00000000 00000000 00000000
        0800 0300 77673000                    # wg0
        0800 1c00 09000000                    # IFLA_NET_NS_FD 9
        1400 1280 0e00 0100 77697265 67756172 64000000
        """,
        LinkMessages.CreateWireGuard(stackalloc byte[256], "wg0", 9));

    [Fact]
    public void Link_is_moved_and_renamed_in_one_message() => Hex.Equal(
        """
        30000000 1000 0100 00000000 00000000
        00000000 03000000 00000000 00000000
        0800 0300 77673000
        0800 1c00 09000000
        """,
        LinkMessages.Move(stackalloc byte[256], 3, "wg0", 9));

    [Fact]
    public void Addresses_are_not_generated() => Hex.Equal(
        """
        30000000 1000 0100 00000000 00000000
        00000000 03000000 00000000 00000000
        1000 1a80 0c00 0a80 0500 0800 01000000
        """,
        LinkMessages.SetNoGeneratedAddresses(stackalloc byte[256], 3));

    [Fact]
    public void Up_changes_only_the_up_flag() => Hex.Equal(
        """
        20000000 1000 0100 00000000 00000000
        00000000 03000000 01000000 01000000
        """,
        LinkMessages.SetUp(stackalloc byte[256], 3, up: true));

    [Fact]
    public void Address_and_route_are_for_the_link()
    {
        var link = LinkParserTests.Sample(index: 3);
        Hex.Equal(
            """
            28000000 1400 0106 00000000 00000000
            02200000 03000000
            0800 0200 0a400002
            0800 0100 0a400002
            """,
            Addresses.Message(stackalloc byte[256], RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, link, AddressPrefix.Parse("10.64.0.2/32")));
        Hex.Equal(
            """
            2c000000 1800 0106 00000000 00000000
            02000000 fe04fd01 00000000
            0800 0100 00000000
            0800 0400 03000000
            """,
            Routes.Message(stackalloc byte[256], RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, link, AddressPrefix.Parse("0.0.0.0/0")));
    }

    [Fact]
    public void Routing_rule_is_for_what_comes_in_over_the_link()
    {
        Hex.Equal(
            """
            34000000 2000 0106 00000000 00000000  # RTM_NEWRULE, CREATE EXCL REQUEST
            0a000000 00000006 00000000            # fib_rule_hdr: IPv6, FR_ACT_BLACKHOLE
            0800 0300 76683100                    # FRA_IIFNAME vh1
            0800 0600 01000000                    # FRA_PRIORITY 1
            0500 1500 02000000                    # FRA_PROTOCOL kernel
            """,
            Rules.Message(stackalloc byte[128], RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, LibcConstants.AF_INET6, "vh1"));
        Hex.Equal(
            """
            2c000000 2100 0100 00000000 00000000
            02000000 00000006 00000000
            0800 0300 76683100
            0800 0600 01000000
            """,
            Rules.Message(stackalloc byte[128], RTM_DELRULE, 0, LibcConstants.AF_INET, "vh1"));
    }

    [Fact]
    public void Conntrack_flush_has_no_tuple() =>
        Hex.Equal("14000000 0201 0100 00000000 00000000 00000000", Conntrack.FlushMessage(stackalloc byte[64]));

    [Fact]
    public void Tracked_flows_are_listed_read_and_deleted_by_the_kernels_own_name_for_them()
    {
        Hex.Equal("14000000 0101 0103 00000000 00000000 00000000", Conntrack.ListMessage(stackalloc byte[64]));

        // CTA_TUPLE_ORIG { CTA_TUPLE_IP { 10.64.0.2 > 203.0.113.9 }, CTA_TUPLE_PROTO { TCP, 40000 > 443 } }, CTA_STATUS
        const string Tuple = "14000180 08000100 0a400002 08000200 cb007109 1c000280 05000100 06000000 06000200 9c400000 06000300 01bb0000";
        var flow = TrackedFlow.Parse(Hex.Bytes($"02000000 34000180 {Tuple} 08000300 0000000e"))!;
        Assert.Equal((6, 443, "203.0.113.9", 2), (flow.Protocol, flow.Port, flow.Destination.ToString(), flow.Family));
        Hex.Equal($"48000000 0201 0100 00000000 00000000 02000000 34000180 {Tuple}", Conntrack.DeleteMessage(stackalloc byte[128], flow));

        // Without ports.
        var ping = TrackedFlow.Parse(Hex.Bytes("0a000000 44000180 2c000180 14000300 fd000000000000000000000000000002 14000400 20010db8000000000000000000000001 14000280 05000100 3a000000 06000700 00010000"))!;
        Assert.Equal((58, 0, "2001:db8::1"), (ping.Protocol, ping.Port, ping.Destination.ToString()));
        Assert.Throws<SystemFailure>(() => TrackedFlow.Parse(Hex.Bytes("02000000 08000300 0000000e")));
        Assert.Throws<SystemFailure>(() => TrackedFlow.Parse(Hex.Bytes("02000000 04000180")));
    }
}
