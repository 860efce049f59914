using System.Buffers.Binary;
using System.Net;
using VpnConfinement.Linux.Doctor;

namespace VpnConfinement.Linux.Tests.Doctor;

/// <summary>The bytes by which <c>doctor</c> measures a tunnel.</summary>
public sealed class RoomRequestTests
{
    private static readonly IPAddress Four = IPAddress.Parse("10.64.0.1");
    private static readonly IPAddress Six = IPAddress.Parse("fd00::1");

    public static TheoryData<bool, bool> Kinds =>
        new() { { true, true }, { true, false }, { false, true }, { false, false } };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_packet_has_the_size_that_is_asked_for(bool isEcho, bool isIPv6)
    {
        var request = new RoomRequest(isIPv6 ? Six : Four, isEcho);
        var headers = (isIPv6 ? 40 : 20) + (isEcho ? 0 : 8);
        foreach (var size in (int[])[96, 576, 577, 1420, 65535])
        {
            Assert.Equal(size - headers, request.Message(size, 7, 9).Length);
        }
    }

    // RFC 1071: what is sent sums up to all ones.
    [Theory]
    [InlineData(96)]
    [InlineData(577)]
    [InlineData(65535)]
    public void The_checksum_of_an_echo_request_is_right(int size)
    {
        byte[] message = [.. new RoomRequest(Four, isEcho: true).Message(size, 0xbeef, 0xffff), 0];
        var sum = 0;
        for (var i = 0; i + 1 < message.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(i));
            sum = (sum & 0xffff) + (sum >> 16);
        }

        Assert.Equal(0xffff, sum);
    }

    // RFC 6891 and RFC 7830: one question, one record OPT, whose length ends where the message does.
    [Fact]
    public void A_question_is_padded_to_its_end()
    {
        var message = new RoomRequest(Four, isEcho: false).Message(1420, 7, 9);
        Assert.Equal([0, 16, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 1], message[..17]);
        Assert.Equal([0, 0, 41], message[17..20]);
        Assert.Equal(message.Length - 28, BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(26)));
        Assert.Equal(12, BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(28)));
        Assert.Equal(message.Length - 32, BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(30)));
        Assert.All(message[32..], b => Assert.Equal(0, b));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_answer_tells_its_number_and_nothing_else_is_one(bool isEcho, bool isIPv6)
    {
        var request = new RoomRequest(isIPv6 ? Six : Four, isEcho);
        var message = request.Message(200, 0xfff0, 0x20);
        byte[] answer = isEcho && !isIPv6 ? [0x45, .. new byte[19], .. message] : [.. message];
        Assert.Null(request.Answered(answer, 0xfff0));
        var at = isEcho && !isIPv6 ? 20 : 0;
        answer[isEcho ? at : 2] = (byte)(!isEcho ? 0x81 : isIPv6 ? 129 : 0);
        Assert.Equal((ushort)0x20, request.Answered(answer, 0xfff0));
        if (isEcho)
        {
            Assert.Null(request.Answered(answer, 0xfff1));
        }

        // Cut anywhere, it is none, and harms nothing.
        for (var length = 0; length < (isEcho ? at + 8 : 12); length++)
        {
            Assert.Null(request.Answered(answer.AsSpan(0, length), 0xfff0));
        }
    }
}
