using System.Net;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Linux.Netlink.NfTables;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Tests.Policy;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using static VpnConfinement.Linux.Tests.Packets.PacketWriter;
using static VpnConfinement.Linux.Tests.Policy.PacketDirection;

namespace VpnConfinement.Linux.Tests.Packets;

[Trait("guarantees", "S-15")]
[Collection("root")]
public sealed class EndpointPinTests
{
    private const uint Other = 0x78;

    [Theory]
    [InlineData(PacketLab.Mark)]
    [InlineData(Other)]
    public void Marked_packets_go_to_the_endpoints_and_others_wherever_they_want(uint pinned) // S-15
    {
        using var lab = new PacketLab();
        Assert.True(NamespaceName.TryParse("packets", out var name));
        var list = new ProbeList(new Mode(EgressShape.All, DnsMode.Strict, IPv6Mode.Tunnel, HostLink: false, Ingress: false, EssentialIcmp: true).Namespace);
        foreach (var ipv6 in new[] { false, true })
        {
            var ends = Ends.Of(ipv6);
            list.New("to the endpoint", Out, InterfaceRole.Tunnel, ends.Own, ends.Listed, Udp, 51820);
            list.New("to the endpoint in fragments", Out, InterfaceRole.Tunnel, ends.Own, ends.Listed, Udp, 51820, fragments: true);
            list.New("to the endpoint by another way", Out, InterfaceRole.HostLink, ends.Own, ends.Listed, Udp, 51820);
            list.New("to another port", Out, InterfaceRole.Tunnel, ends.Own, ends.Listed, Udp, 51821);
            list.New("to another endpoint's port", Out, InterfaceRole.Tunnel, ends.Own, ends.Listed, Udp, 443);
            list.New("to another address", Out, InterfaceRole.Tunnel, ends.Own, ends.Unlisted, Udp, 51820);
            list.New("over TCP", Out, InterfaceRole.Tunnel, ends.Own, ends.Listed, Tcp, 51820, flags: TcpControl.Syn);
            list.New("over UDP-Lite", Out, InterfaceRole.Tunnel, ends.Own, ends.Listed, UdpLite, 51820);
            list.New("echo", Out, InterfaceRole.Tunnel, ends.Own, ends.Listed, ends.Icmp, icmpType: ends.Echo);
            list.New("over loopback", Out, InterfaceRole.Loopback, ends.Loopback, ends.Loopback, Udp, 51820);
        }

        IPEndPoint[] endpoints = [new(World.Listed, 51820), new(World.ListedV6, 51820), new(World.Listed2, 443)];
        lab.Inside(() =>
        {
            using var nft = NftContext.Here();
            using var kernel = NfTablesSocket.Here();
            foreach (var probe in list.Probes)
            {
                Assert.True(lab.PassesThrough(probe, TimeSpan.FromSeconds(20)), $"control: {probe.Name}");
            }

            var plan = new PinPlan { Table = EndpointPinRuleset.Table(name), Mark = pinned };
            nft.Load(EndpointPinRuleset.Compile(plan, endpoints), "load the pin");
            foreach (var probe in list.Probes)
            {
                var passes = pinned != PacketLab.Mark || probe.Name.StartsWith("to the endpoint", StringComparison.Ordinal);
                var patience = passes ? TimeSpan.FromSeconds(20) : TimeSpan.Zero;
                Assert.True(passes == lab.PassesThrough(probe, patience), probe.Name);
            }

            var counted = NftCounters.Of(kernel, plan.Table).ToDictionary(c => c.Name, c =>
                c.Packets);
            Assert.Equal(pinned == PacketLab.Mark ? (6ul, 14ul) : (0ul, 0ul), (counted[EndpointPinRuleset.AllowedCounter], counted[EndpointPinRuleset.RefusedCounter]));
            return true;
        });
    }
}
