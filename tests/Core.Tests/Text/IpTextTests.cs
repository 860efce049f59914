using System.Net;
using CsCheck;
using VpnConfinement.Text;

namespace VpnConfinement.Core.Tests.Text;

public sealed class IpTextTests
{
    [Theory]
    [InlineData("1.2.3.4")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("2001:db8::1")]
    public void Addresses(string text) => Assert.True(IpText.TryParseAddress(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("01.2.3.4")]
    [InlineData("0x1.2.3.4")]
    [InlineData("256.1.1.1")]
    [InlineData("1.2.3.4 ")]
    [InlineData("1.2.3.4\0")]
    [InlineData("1\0.2.3.4")]
    [InlineData("+1.2.3.4")]
    [InlineData("1..2.3")]
    [InlineData("16909060")]
    [InlineData("fe80::1%eth0")]
    [InlineData("::ffff:1.2.3.4")]
    [InlineData("::ffff:102:304")]
    [InlineData("[::1]")]
    [InlineData("1:2:3")]
    [InlineData("١.2.3.4")]
    public void No_addresses(string text) => Assert.False(IpText.TryParseAddress(text, out _));

    [Theory]
    [InlineData("10.9.8.7/16", "10.9.0.0/16")]
    [InlineData("10.9.8.7", "10.9.8.7/32")]
    [InlineData("10.9.8.7/0", "0.0.0.0/0")]
    [InlineData("2001:db8::7/32", "2001:db8::/32")]
    public void Prefixes_lose_their_host_bits(string text, string prefix)
    {
        Assert.True(IpText.TryParsePrefix(text, out var parsed));
        Assert.Equal(prefix, parsed.ToString());
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("::/129")]
    [InlineData("/8")]
    public void No_prefixes(string text) => Assert.False(IpText.TryParsePrefix(text, out _));

    [Theory]
    [InlineData("1.2.3.4:1", true)]
    [InlineData("[2001:db8::1]:65535", true)]
    [InlineData("2001:db8::1:51820", false)]
    [InlineData("[1.2.3.4]:1", false)]
    [InlineData("1.2.3.4:0", false)]
    [InlineData("1.2.3.4:65536", false)]
    [InlineData("1.2.3.4", false)]
    public void Endpoints(string text, bool good) => Assert.Equal(good, IpText.TryParseEndpoint(text, out _));

    [Fact]
    public void Every_address_reads_back_as_itself() =>
        Gen.Byte.Array[4].Select(b => new IPAddress(b)).Sample(address => IpText.TryParseAddress(address.ToString(), out var parsed) && parsed.Equals(address));
}
