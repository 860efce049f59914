using System.Buffers.Binary;
using System.Net;
using VpnConfinement.Compile.Frames;
using VpnConfinement.Verify;

namespace VpnConfinement.Core.Tests.Verify;

public sealed class CanaryPacketTests
{
    private static readonly IPAddress Target = new([203, 0, 113, 9]);
    private static readonly IPAddress Target6 = new([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]);

    public static TheoryData<CanaryKind> Marked { get; } =
        [CanaryKind.Udp, CanaryKind.Dns, CanaryKind.Icmp, CanaryKind.RawIcmp];

    [Theory]
    [MemberData(nameof(Marked))]
    public void One_with_a_token_is_known_by_it_whatever_its_source_and_port(CanaryKind kind)
    {
        var canary = new Canary(kind, Target, 4242, new string('7', 32));
        var other = canary with { Token = new string('8', 32) };
        byte[] body = [9, 9, 9, 9, 0, 0, 0, 0, .. canary.Payload()];
        Assert.Equal(canary, CanaryPacket.Find(IPv4(17, Target, body), [other, canary]));
        Assert.Equal(canary, CanaryPacket.Find(IPv6(17, Target6, body), [other, canary]));
        Assert.Null(CanaryPacket.Find(IPv4(17, Target, [1, 2, 3, 4, 0, 0, 0, 0]), [other, canary]));
    }

    [Fact]
    public void One_of_tcp_is_known_by_its_destination_and_port()
    {
        var canary = new Canary(CanaryKind.Tcp, Target, 0x1234, new string('7', 32));
        byte[] segment = [0xaa, 0xbb, 0x12, 0x34, 0, 0, 0, 0];
        Assert.Equal(canary, CanaryPacket.Find(IPv4(6, Target, segment), [canary]));
        Assert.Null(CanaryPacket.Find(IPv4(6, new IPAddress([203, 0, 113, 8]), segment), [canary]));
        Assert.Null(CanaryPacket.Find(IPv4(6, Target, [0xaa, 0xbb, 0x12, 0x35]), [canary]));
        Assert.Null(CanaryPacket.Find(IPv4(17, Target, segment), [canary]));
    }

    [Fact]
    public void A_packet_that_is_cut_short_is_none()
    {
        var canary = new Canary(CanaryKind.Tcp, Target, 0x1234, new string('7', 32));
        var whole = IPv4(6, Target, [0xaa, 0xbb, 0x12, 0x34]);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Null(CanaryPacket.Find(whole.AsSpan(0, length), [canary]));
        }

        // A header that says that it is longer than the packet.
        Assert.Null(CanaryPacket.Find([0x4f, .. whole.AsSpan(1, 23)], [canary]));
        Assert.Null(CanaryPacket.Find([0x60, .. new byte[30]], [canary]));
    }

    [Fact]
    public void An_argument_is_read_back_as_it_was_and_nothing_else_is_one()
    {
        const string Token = "0123456789abcdef0123456789abcdef";
        var canary = new Canary(CanaryKind.Dns, Target6, 53, Token);
        Assert.Equal(canary, Canary.TryParse($"{canary}"));
        Assert.All(
            (string[])
            [
                "", "Dns", $"Dns,x,53,{Token}", $"9,203.0.113.9,53,{Token}", "Dns,203.0.113.9,53,0123",
                $"Dns,203.0.113.9,53,{Token.ToUpperInvariant()}", $"Dns,203.0.113.9,70000,{Token}",
            ],
            text => Assert.Null(Canary.TryParse(text)));
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("fe80::1%2", "fe80::1")]
    [InlineData("2001:db8::9", "2001:db8::9")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    public void A_resolver_of_the_host_is_a_target_whatever_its_form(string resolver, string target)
    {
        var canary = new Canary(
            CanaryKind.Dns, Canary.TargetOf(IPAddress.Parse(resolver)), 53, "0123456789abcdef0123456789abcdef");
        Assert.Equal(target, $"{canary.Address}");
        Assert.Equal(canary, Canary.TryParse($"{canary}"));
    }

    [Fact]
    public void The_filter_hands_over_what_goes_to_a_target_and_nothing_else()
    {
        var filter = CanaryFilter.For([Target, new IPAddress([127, 1, 2, 3]), Target6, Target]);
        Assert.NotEqual(0u, Run(filter, IPv4(17, Target, [])));
        Assert.NotEqual(0u, Run(filter, IPv4(6, new IPAddress([127, 1, 2, 3]), [])));
        Assert.NotEqual(0u, Run(filter, IPv6(17, Target6, [])));
        Assert.Equal(0u, Run(filter, IPv4(17, new IPAddress([203, 0, 113, 10]), [])));
        var near = new IPAddress([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8]);
        Assert.Equal(0u, Run(filter, IPv6(17, near, [])));
        Assert.Equal(0u, Run(filter, [0x00, .. new byte[60]]));
        Assert.Equal(0u, Run(CanaryFilter.For([]), IPv4(17, Target, [])));
    }

    // What the kernel does with it, for the instructions that it has.
    private static uint Run(IReadOnlyList<FilterInstruction> program, byte[] packet)
    {
        uint accumulator = 0;
        for (var at = 0; ; at++)
        {
            var one = program[at];
            switch (one.Code)
            {
                case 0x20:
                    if (one.Value + 4 > packet.Length)
                    {
                        return 0;
                    }

                    accumulator = BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan((int)one.Value));
                    break;
                case 0x30:
                    accumulator = packet[one.Value];
                    break;
                case 0x54:
                    accumulator &= one.Value;
                    break;
                case 0x15:
                    at += accumulator == one.Value ? one.True : one.False;
                    break;
                case 0x06:
                    return one.Value;
                default:
                    throw new InvalidOperationException($"an instruction {one.Code:x}");
            }
        }
    }

    private static byte[] IPv4(byte protocol, IPAddress target, byte[] body) =>
        [0x45, 0, 0, 0, 0, 0, 0, 0, 1, protocol, 0, 0, 10, 0, 0, 2, .. target.GetAddressBytes(), .. body];

    private static byte[] IPv6(byte protocol, IPAddress target, byte[] body) =>
        [0x60, 0, 0, 0, 0, 0, protocol, 1, .. new byte[16], .. target.GetAddressBytes(), .. body];
}
