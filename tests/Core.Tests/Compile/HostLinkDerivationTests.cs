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
}
