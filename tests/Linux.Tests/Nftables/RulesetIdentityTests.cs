using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Nftables;

namespace VpnConfinement.Linux.Tests.Nftables;

public sealed class RulesetIdentityTests
{
    private const string Listing = "table inet vpnc {\n\tset ports {\n\t\ttype inet_service\n\t\telements = { 22, 80,\n\t\t\t     443 }\n\t}\n\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t\ttcp dport { 1, 2 } accept\n\t}\n}\n";

    [Theory]
    [InlineData("22, 80,\n\t\t\t     443", "443, 22,\n\t\t\t     80")]
    [InlineData("{ 1, 2 }", "{ 2, 1 }")]
    public void The_order_of_elements_does_not_count(string from, string to) =>
        Assert.Equal(RulesetIdentity.Of(Listing), RulesetIdentity.Of(Listing.Replace(from, to, StringComparison.Ordinal)));

    [Theory]
    [InlineData("443", "444")]
    [InlineData("drop", "accept")]
    [InlineData("{ 1, 2 } accept", "{ 1, 2 } drop")]
    [InlineData("22, 80,", "22,")]
    public void Anything_else_does(string from, string to) =>
        Assert.NotEqual(RulesetIdentity.Of(Listing), RulesetIdentity.Of(Listing.Replace(from, to, StringComparison.Ordinal)));

    [Fact]
    public void Damaged_counters_are_refused()
    {
        Assert.Equal([new NftCounter("a", 1, 2)], NftCounters.Parse("""{"nftables": [{"metainfo": {}}, {"counter": {"name": "a", "packets": 1, "bytes": 2}}]}"""));
        foreach (var text in new[] { "", "{}", "[]", "{\"nftables\": [{\"counter\": {}}]}", "{\"nftables\": [{\"counter\": {\"name\": 1}}]}" })
        {
            Assert.Throws<SystemFailure>(() => NftCounters.Parse(text));
        }
    }
}
