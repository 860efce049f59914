using System.Net;
using CsCheck;
using VpnConfinement.Linux.Lookups;

namespace VpnConfinement.Linux.Tests.Lookups;

[Trait("guarantees", "S-19")]
public sealed class DnsMessageTests
{
    private static readonly byte[] Question = DnsMessage.Question(0x1234, "vpn.example", DnsMessage.A);

    [Fact]
    public void A_question_has_the_bytes_of_the_rfc() =>
        Assert.Equal("12340100000100000000000003" + "76706e" + "076578616d706c65" + "00" + "00010001", Convert.ToHexStringLower(Question));

    [Fact]
    public void Addresses_are_taken_through_an_alias()
    {
        var answer = Answer("8180", 2, "c00c 0005 0001 0000003c 0005 026e6c c010" + "c029 0001 0001 0000003c 0004 c6336407");
        Assert.Equal([IPAddress.Parse("198.51.100.7")], DnsMessage.Answers(answer, Question));
    }

    [Theory]
    [InlineData("8183", 0)] // no such name
    [InlineData("8180", 0)] // no address
    public void A_name_without_addresses_is_an_answer(string flags, int count) => Assert.Empty(DnsMessage.Answers(Answer(flags, count, ""), Question)!);

    [Theory]
    [InlineData("0100", 0, "")] // a question
    [InlineData("8182", 0, "")] // the resolver failed
    [InlineData("8185", 0, "")] // refused
    [InlineData("8180", 1, "")] // promises more than there is
    [InlineData("8180", 1, "c00c 0001 0001 0000003c 0040 c6336407")]
    [InlineData("8180", 65535, "c00c 0001 0001 0000003c 0004 c6336407")]
    [InlineData("8180", 1, "3f61")]
    public void What_is_no_answer_is_none(string flags, int count, string records) => Assert.Null(DnsMessage.Answers(Answer(flags, count, records), Question));

    [Fact]
    public void The_answer_to_another_question_is_none()
    {
        var answer = Answer("8180", 1, "c00c 0001 0001 0000003c 0004 c6336407");
        Assert.NotNull(DnsMessage.Answers(answer, Question));
        Assert.Null(DnsMessage.Answers(answer, DnsMessage.Question(0x1235, "vpn.example", DnsMessage.A)));
        Assert.Null(DnsMessage.Answers(answer, DnsMessage.Question(0x1234, "vpn.examplf", DnsMessage.A)));
        Assert.Null(DnsMessage.Answers(answer, DnsMessage.Question(0x1234, "vpn.example", DnsMessage.AAAA)));
    }

    [Fact]
    public void No_bytes_are_fatal() => Gen.Byte.Array[0, 80].Sample(tail => (DnsMessage.Answers([.. Question, .. tail], Question)?.Count ?? 0) >= 0);

    [Fact]
    public void No_records_are_fatal() =>
        Gen.Byte.Array[0, 80].Sample(tail => (DnsMessage.Answers(Answer("8180", 7, Convert.ToHexString(tail)), Question)?.Count ?? 0) < 7);

    [Theory]
    [InlineData("198.51.100.7", true)]
    [InlineData("2001:db8::7", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    public void Only_an_address_that_a_server_may_have_is_used(string address, bool used) =>
        Assert.Equal(used, EndpointAddress.Choose([IPAddress.Parse(address)], null) is not null);

    [Theory]
    [InlineData("2001:db8::1 198.51.100.1 198.51.100.2", null, "198.51.100.1")]
    [InlineData("2001:db8::1 2001:db8::2", null, "2001:db8::1")]
    [InlineData("198.51.100.1 198.51.100.2", "198.51.100.2", "198.51.100.2")]
    [InlineData("198.51.100.1 198.51.100.2", "198.51.100.3", "198.51.100.1")]
    [InlineData("127.0.0.1 198.51.100.2", "127.0.0.1", "198.51.100.2")]
    public void The_address_in_use_is_kept_else_the_first_of_IPv4(string answers, string? current, string expected) =>
        Assert.Equal(IPAddress.Parse(expected), EndpointAddress.Choose(answers.Split(' ').Select(IPAddress.Parse), current is null ? null : IPAddress.Parse(current)));

    [Fact]
    public void Resolvers_are_read_from_a_resolver_file() =>
        Assert.Equal(
            [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1"), IPAddress.Parse("192.0.2.2")],
            ResolvConf.Parse("# nameserver 192.0.2.9\nsearch example\nnameserver 192.0.2.1\nnameserver\t2001:db8::1 \nnameserver x\nnameserver 192.0.2.2\nnameserver 192.0.2.3\n"));

    private static byte[] Answer(string flags, int count, string records) =>
    [
        .. Question[..2], .. Convert.FromHexString(flags), 0, 1, (byte)(count >> 8), (byte)count, 0, 0, 0, 0,
        .. Question[12..], .. Convert.FromHexString(records.Replace(" ", "", StringComparison.Ordinal)),
    ];
}
