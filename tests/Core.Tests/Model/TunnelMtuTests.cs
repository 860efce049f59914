using VpnConfinement.Model;

namespace VpnConfinement.Core.Tests.Model;

public sealed class TunnelMtuTests
{
    [Theory]
    [InlineData(1420, false)]
    [InlineData(1420, false, 1500)]
    [InlineData(1412, false, 1492)]
    [InlineData(8920, false, 9000)]
    [InlineData(1340, false, 1500, 1420, 9000)]
    [InlineData(1200, false, 1280)]
    [InlineData(1280, true, 1280)]
    [InlineData(576, false, 68)]
    [InlineData(65456, true, 65536)]
    [InlineData(65535, false, int.MaxValue)]
    public void It_is_the_least_of_the_routes_less_the_overhead(int mtu, bool hasIPv6, params int[] routes) =>
        Assert.Equal(mtu, TunnelMtu.Of(routes, hasIPv6));
}
