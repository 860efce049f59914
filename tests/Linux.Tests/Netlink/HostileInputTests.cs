using CsCheck;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Netlink.WireGuard;
using static VpnConfinement.Linux.Interop.NetlinkConstants;

namespace VpnConfinement.Linux.Tests.Netlink;

public sealed class HostileInputTests
{
    [Theory]
    [InlineData("0300 0100")]
    [InlineData("0500 0100")]
    [InlineData("ffff 0100 00")]
    [InlineData("0000 0000")]
    [InlineData("04")]
    public void Attribute_with_a_wrong_length_is_refused(string text) => Assert.Throws<SystemFailure>(() =>
    {
        var reader = new AttributeReader(Hex.Bytes(text));
        while (reader.Next())
        {
        }
    });

    [Theory]
    [InlineData("0f000000 0000 0000 00000000 00000000")]
    [InlineData("ffffffff 0000 0000 00000000 00000000")]
    [InlineData("11000000 0000 0000 00000000 00000000")]
    [InlineData("10000000 0000")]
    public void Message_with_a_wrong_length_is_refused(string text) => Assert.Throws<SystemFailure>(() =>
    {
        var reader = new MessageReader(Hex.Bytes(text));
        while (reader.Next())
        {
        }
    });

    [Fact]
    public void A_number_of_another_size_is_refused() => Assert.Throws<SystemFailure>(() =>
    {
        var reader = new AttributeReader(Hex.Bytes("0600 0100 0102 0000"));
        reader.Next();
        return reader.Number<uint>();
    });

    [Fact]
    public void The_kernels_own_words_are_part_of_the_failure()
    {
        var failure = Assert.Throws<SystemFailure>(() => Acknowledgement.Check(
            NLMSG_ERROR,
            NLM_F_CAPPED | NLM_F_ACK_TLVS,
            Hex.Bytes("efffffff 10000000 1000 0500 01000000 00000000 0a00 0100 6e6f706521000000"),
            "create link x"));
        Assert.Equal(17, failure.Errno);
        Assert.Equal("nope!", failure.KernelMessage);
        Assert.StartsWith("cannot create link x: ", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("efff")]
    [InlineData("efffffff 10000000")]
    [InlineData("efffffff ffffff7f 1000 0500 01000000 00000000")]
    [InlineData("efffffff 04000000 1000 0500 01000000 00000000")]
    public void A_damaged_acknowledgement_is_refused(string text) =>
        Assert.Throws<SystemFailure>(() => Acknowledgement.Check(NLMSG_ERROR, NLM_F_ACK_TLVS, Hex.Bytes(text), "do it"));

    [Fact]
    public void Any_bytes_at_all_are_read_or_refused() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        Refusing(() => LinkParser.Parse(bytes));
        Refusing(() => Rules.Parse(bytes));
        Refusing(() =>
        {
            using var device = Parse(bytes);
        });
        Refusing(() =>
        {
            using var device = UapiText.Parse(bytes);
        });
        Refusing(() => Acknowledgement.Check(NLMSG_ERROR, NLM_F_ACK_TLVS, bytes, "do it"));
    });

    private static WireGuardDevice Parse(byte[] bytes)
    {
        var parser = new KernelParser();
        parser.Add(bytes);
        return parser.Finish();
    }

    private static void Refusing(Action read)
    {
        try
        {
            read();
        }
        catch (SystemFailure)
        {
            // refused
        }
    }
}
