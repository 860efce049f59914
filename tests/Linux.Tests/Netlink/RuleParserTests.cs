using VpnConfinement.Linux.Netlink.Route;

namespace VpnConfinement.Linux.Tests.Netlink;

public sealed class RuleParserTests
{
    private const string Attributes = "0800 0f00 00000000 0800 0e00 ffffffff 0800 0600 01000000 0800 0300 76683100 0500 1500 02000000";

    [Theory]
    [InlineData("02000000 00000006 00000000", Attributes, "vh1")]
    [InlineData("0a000000 00000006 08000000", Attributes, "vh1")] // its link is away
    [InlineData("02000000 fe000001 00000000", Attributes, null)] // looks a table up
    [InlineData("02000000 00000007 00000000", Attributes, null)] // says so to the sender
    [InlineData("02000000 00000006 02000000", Attributes, null)] // any link but that
    [InlineData("02080000 00000006 00000000", Attributes, null)] // some destinations
    [InlineData("02000800 00000006 00000000", Attributes, null)] // some sources
    [InlineData("02000010 00000006 00000000", Attributes, null)] // some services
    [InlineData("02000000 00000006 00000000", Attributes + "0800 0a00 01000000", null)] // packets with a mark
    [InlineData("02000000 00000006 00000000", "0800 0600 02000000 0800 0300 76683100", null)] // after others
    [InlineData("02000000 00000006 00000000", "0800 0300 76683100", null)]
    [InlineData("02000000 00000006 00000000", "0800 0600 01000000", null)]
    public void Only_a_rule_that_drops_all_from_a_link_is_one_of_ours(string header, string attributes, string? link) =>
        Assert.Equal(link, Rules.Parse(Hex.Bytes(header + attributes)));
}
