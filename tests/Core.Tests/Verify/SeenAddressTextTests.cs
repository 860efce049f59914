using VpnConfinement.Verify;

namespace VpnConfinement.Core.Tests.Verify;

/// <summary>What pages say that tell from which address they were asked.</summary>
public sealed class SeenAddressTextTests
{
    [Theory]
    [InlineData("203.0.113.10\n", "203.0.113.10")]
    [InlineData("{\"ip\":\"203.0.113.10\",\"country\":\"AQ\"}", "203.0.113.10")]
    [InlineData("You are 203.0.113.10. Good bye.", "203.0.113.10")]
    [InlineData("You are 2001:db8::7: good bye", "2001:db8::7")]
    [InlineData("<b>2001:db8::7</b>", "2001:db8::7")]
    [InlineData("version 1.2.3, from 203.0.113.10:4711", "203.0.113.10")]
    [InlineData("{\"peer\":\"[2001:db8::7]:4711\"}", "2001:db8::7")]
    [InlineData("203.0.113.10:99999", null)]
    [InlineData("version 1.2.3.4a, address=203.0.113.10", "203.0.113.10")]
    [InlineData("300.1.1.1", null)]
    [InlineData("at 12:30", null)]
    [InlineData("decade: face", null)]
    [InlineData("", null)]
    public void The_first_address_is_found(string page, string? address) =>
        Assert.Equal(address, SeenAddressText.Find(page)?.ToString());
}
