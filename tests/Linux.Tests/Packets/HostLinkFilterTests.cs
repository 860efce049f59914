using System.Globalization;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Tests.Root;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Tests.Packets;

/// <summary>
/// Real frames over a real pair, sent by a packet socket: the count of what the link dropped says what became of each.
/// </summary>
[Trait("guarantees", "S-36")]
[Collection("root")]
public sealed class HostLinkFilterTests : IDisposable
{
    private readonly TestPlan _test = new();

    private string HostEnd => _test.HostLink.HostInterface;

    private byte[] Inner => _test.HostLink.NamespaceMac.ToBytes();

    private byte[] Outer => _test.HostLink.HostMac.ToBytes();

    private byte[] InnerAddress => _test.HostLink.NamespaceAddress.GetAddressBytes();

    private byte[] OuterAddress => _test.HostLink.HostAddress.GetAddressBytes();

    private static byte[] Everybody => [255, 255, 255, 255, 255, 255];

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Only_answers_leave_the_namespace_and_not_one_bit_may_differ()
    {
        Up();
        byte[][] passing =
        [
            Arp(Inner, Outer, 1, InnerAddress, OuterAddress), Arp(Inner, Outer, 2, InnerAddress, OuterAddress), Tcp(0x10), Tcp(0x12), Tcp(0x04), Tcp(0x14), Tcp(0x18), Tcp(0x11),
            Icmp(3), Icmp(11), Icmp(12),
        ];
        Assert.Equal(0, Dropped(FromInside, passing));

        byte[][] refused =
        [
            Arp(Inner, Everybody, 1, InnerAddress, OuterAddress), Arp(Inner, Outer, 3, InnerAddress, OuterAddress), Arp(Inner, Outer, 1, OuterAddress, InnerAddress),
            Arp(Inner, Outer, 1, InnerAddress, [198, 51, 100, 1]), Tcp(0x02), Tcp(0x00), Tcp(0x01), Tcp(0x28), Tcp(0xc2), Icmp(8), Icmp(0), Icmp(5), Icmp(13),
            Packet(17, new byte[20]), Packet(41, new byte[40]), Packet(47, new byte[20]), Packet(6, new byte[20], fragment: 0x2000), Packet(6, new byte[20], fragment: 1),
            Packet(6, [.. Tcp(0x10)[34..]], source: [198, 51, 100, 2]), Packet(6, [.. Tcp(0x10)[34..]], destination: [127, 0, 0, 1]),
            Tagged(Tcp(0x10), 0x8100), Tagged(Arp(Inner, Outer, 1, InnerAddress, OuterAddress), 0x8100), Tagged(Tcp(0x10), 0x88a8),
            [.. Outer, .. Inner, 0x86, 0xdd, .. new byte[40]], [.. Everybody, .. Inner, 0x88, 0xcc, .. new byte[46]], [.. Outer, .. Inner, 0x00, 0x2e, .. new byte[46]],
        ];
        Assert.All(refused, frame => Assert.Equal(1, Dropped(FromInside, [frame])));

        var mutants = Mutants(Arp(Inner, Outer, 1, InnerAddress, OuterAddress), 0, 42, except: [.. Enumerable.Range(32, 6)])
            .Concat(Mutants(Tcp(0x10), 0, 34, except: [15, 16, 17, 18, 19, 20, 22, 24, 25]))
            .Concat(Mutants(Icmp(3), 0, 34, except: [15, 16, 17, 18, 19, 20, 22, 24, 25])).ToList();
        Assert.Equal(mutants.Count, Dropped(FromInside, mutants));
    }

    [Fact]
    public void A_frame_that_is_cut_short_does_not_pass_for_want_of_what_is_looked_at()
    {
        Up();
        var cut = new[] { Arp(Inner, Outer, 1, InnerAddress, OuterAddress)[..42], Tcp(0x10)[..54], Icmp(3)[..42] }
            .SelectMany(frame => Enumerable.Range(14, frame.Length - 14).Select(length => frame[..length])).ToList();
        Assert.Equal(cut.Count, Dropped(FromInside, cut));
        var entering = new[] { Arp(Outer, Inner, 1, OuterAddress, InnerAddress)[..42], Reverse(17)[..34] }
            .SelectMany(frame => Enumerable.Range(14, frame.Length - 14).Select(length => frame[..length])).ToList();
        Assert.Equal(entering.Count, Dropped(FromHost, entering));
    }

    [Fact]
    public void The_host_sends_into_the_namespace_from_its_own_end_alone()
    {
        Up();
        byte[][] passing = [Arp(Outer, Everybody, 1, OuterAddress, InnerAddress), Arp(Outer, Inner, 2, OuterAddress, InnerAddress), Reverse(6), Reverse(17), Reverse(1)];
        Assert.Equal(0, Dropped(FromHost, passing));

        // What a bridge would pass on from another port.
        byte[] stranger = [2, 0, 0, 0, 0, 0x77];
        byte[][] refused =
        [
            Arp(stranger, Everybody, 1, OuterAddress, InnerAddress), Arp(Outer, Everybody, 1, [198, 51, 100, 1], InnerAddress), Reverse(6, source: [198, 51, 100, 1]), Reverse(6, destination: [255, 255, 255, 255]),
            [.. Everybody, .. Outer, 0x08, 0x00, .. Reverse(6)[14..]], [.. Inner, .. stranger, 0x08, 0x00, .. Reverse(6)[14..]], Tagged(Reverse(6), 0x8100), [.. Everybody, .. Outer, 0x86, 0xdd, .. new byte[40]],
        ];
        Assert.All(refused, frame => Assert.Equal(1, Dropped(FromHost, [frame])));
    }

    [Fact]
    public void The_filters_hold_by_another_name_in_a_bridge_and_without_any_ruleset()
    {
        Up();

        // The bridge asks nobody for addresses of its own, which the filter would drop and the test count.
        Shell.Run($"ip link set {HostEnd} down; ip link set {HostEnd} name vh-away; ip link add br-t type bridge mcast_snooping 0; sysctl -qw net.ipv6.conf.br-t.disable_ipv6=1; ip link set br-t up; ip link set vh-away master br-t; ip link set vh-away up; nft flush ruleset");
        try
        {
            Assert.Equal(2, Dropped(FromInside, [Arp(Inner, Everybody, 1, InnerAddress, OuterAddress), Tcp(0x02)], "vh-away"));
            Assert.Equal(0, Dropped(FromInside, [Tcp(0x10)], "vh-away"));
        }
        finally
        {
            Shell.Run("ip link del br-t; ip link del vh-away");
        }
    }

    private void Up()
    {
        _test.Up(_test.Stored(hostLink: true));

        // Without the one of the other end, so that it is the host's that is looked at.
        _test.In($"tc qdisc del dev {_test.HostLink.NamespaceInterface} clsact");
    }

    private void FromInside(byte[] frame) => Send(frame, _test.HostLink.NamespaceInterface, _test.Name);

    private void FromHost(byte[] frame) => Send(frame, HostEnd, null);

    private int Dropped(Action<byte[]> send, IReadOnlyList<byte[]> frames, string? link = null)
    {
        var before = Count();
        foreach (var frame in frames)
        {
            send(frame);
        }

        return Count() - before;

        int Count() => int.Parse(Shell.Run($"tc -s qdisc show dev {link ?? HostEnd} clsact | grep -o 'dropped [0-9]*' | cut -d' ' -f2"), CultureInfo.InvariantCulture);
    }

    private static void Send(byte[] frame, string link, string? ns)
    {
        if (ns is null)
        {
            Write();
            return;
        }

        using var netns = Netns.Open(ns);
        NetnsThread.Run(netns, () =>
        {
            Write();
            return true;
        });

        void Write()
        {
            using var netlink = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_ROUTE);
            using var socket = RawCalls.Packets(Links.Get(netlink, link).Index);
            RawCalls.TryWrite(socket, frame);
        }
    }

    private static IEnumerable<byte[]> Mutants(byte[] frame, int first, int end, int[] except) =>
        from at in Enumerable.Range(first, end - first)
        where !except.Contains(at)
        from bit in Enumerable.Range(0, 8)
        select frame.Select((value, i) => i == at ? (byte)(value ^ (1 << bit)) : value).ToArray();

    private static byte[] Arp(byte[] from, byte[] to, byte operation, byte[] sender, byte[] target) =>
        [.. to, .. from, 0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, operation, .. from, .. sender, 0, 0, 0, 0, 0, 0, .. target];

    private byte[] Tcp(byte flags) => Packet(6, [0x23, 0x83, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, flags, 1, 0, 0, 0, 0, 0]);

    private byte[] Icmp(byte type) => Packet(1, [type, 0, 0, 0, 0, 0, 0, 0]);

    private byte[] Packet(byte protocol, byte[] transport, ushort fragment = 0x4000, byte[]? source = null, byte[]? destination = null) =>
        Packet(Outer, Inner, protocol, transport, fragment, source ?? InnerAddress, destination ?? OuterAddress);

    private byte[] Reverse(byte protocol, byte[]? source = null, byte[]? destination = null) =>
        Packet(Inner, Outer, protocol, new byte[20], 0, source ?? OuterAddress, destination ?? InnerAddress);

    private static byte[] Packet(byte[] to, byte[] from, byte protocol, byte[] transport, ushort fragment, byte[] source, byte[] destination) =>
        [.. to, .. from, 0x08, 0x00, 0x45, 0, 0, (byte)(20 + transport.Length), 0, 0, (byte)(fragment >> 8), (byte)fragment, 64, protocol, 0, 0, .. source, .. destination, .. transport];

    private static byte[] Tagged(byte[] frame, ushort type) => [.. frame[..12], (byte)(type >> 8), (byte)type, 0, 7, .. frame[12..]];

}
