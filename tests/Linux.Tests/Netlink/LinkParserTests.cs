using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink.Route;

namespace VpnConfinement.Linux.Tests.Netlink;

public sealed class LinkParserTests
{
    private const string Veth =
        """
        0000 0100 07000000 01000000 00000000
        0800 0300 76683100
        0800 0400 dc050000
        0800 0500 02000000
        0800 2500 00000000
        0600 1400 61000000                       # alias "a"
        1000 1200 0900 0100 76657468 00000000    # kind veth
        1000 1a00 0c00 0a00 0500 0800 01000000   # addrgenmode none
        """;

    internal static Link Sample(int index) => LinkParser.Parse(Hex.Bytes(Veth)) with { Index = index };

    [Fact]
    public void Every_known_attribute_is_read()
    {
        var link = LinkParser.Parse(Hex.Bytes(Veth));
        Assert.Equal(("vh1", "veth", "a", 1500u, 7, 2), (link.Name, link.Kind, link.Alias, link.Mtu, link.Index, link.PeerIndex));
        Assert.Equal(0, link.PeerNetnsId);
        Assert.Equal((byte)1, link.AddressGenerationMode);
        Assert.True(link.IsUp);
    }

    [Fact]
    public void Cut_short_anywhere_it_fails_cleanly_or_ends_at_an_attribute()
    {
        var whole = Hex.Bytes(Veth);
        for (var length = 0; length < whole.Length; length++)
        {
            try
            {
                LinkParser.Parse(whole.AsSpan(0, length));
            }
            catch (SystemFailure)
            {
                // refused
            }
        }
    }
}
