using VpnConfinement.Model;

namespace VpnConfinement.Core.Tests.Compile;

public sealed class HostLinkDerivationTests
{
    [Fact]
    public void Subnets_are_in_range_and_never_reserved()
    {
        for (var i = 0; i < 20_000; i++)
        {
            Assert.True(NamespaceName.TryParse("ns" + i, out var name));
            var subnet = HostLinkDerivation.Subnet(name);
            var bytes = subnet.BaseAddress.GetAddressBytes();
            Assert.Equal([169, 254], bytes[..2]);
            Assert.Equal(30, subnet.PrefixLength);
            Assert.Equal(0, bytes[3] % 4);
            Assert.InRange(bytes[2], 1, 254);
            Assert.False(subnet.Contains(new System.Net.IPAddress([169, 254, 169, 254])));
        }
    }

    [Fact]
    public void Hardware_addresses_are_local_single_and_of_one_end_each()
    {
        var all = new HashSet<string>();
        for (var i = 0; i < 5_000; i++)
        {
            Assert.True(NamespaceName.TryParse("ns" + i, out var name));
            foreach (var address in new[] { HostLinkDerivation.HostMac(name), HostLinkDerivation.NamespaceMac(name) })
            {
                Assert.Equal(2, address.ToBytes()[0] & 3);
                Assert.True(all.Add(address.ToString()));
                Assert.True(MacAddress.TryParse(address.ToString(), out var read));
                Assert.Equal(address, read);
                Assert.Equal(address, MacAddress.FromBytes(address.ToBytes()));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("02:00:00:00:00")]
    [InlineData("02:00:00:00:00:00:00:00:00")]
    [InlineData("020000000001")]
    [InlineData("02:00:00:00:00:0A")]
    [InlineData("2:0:0:0:0:1")]
    public void Only_the_printed_form_of_a_hardware_address_is_read(string text) => Assert.False(MacAddress.TryParse(text, out _));
}
