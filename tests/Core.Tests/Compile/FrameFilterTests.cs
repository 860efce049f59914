using System.Net;
using VpnConfinement.Compile.Frames;
using VpnConfinement.Model;

namespace VpnConfinement.Core.Tests.Compile;

/// <summary>The text of filters; what they do to frames is tried on real links (HostLinkFilterTests).</summary>
public sealed class FrameFilterTests
{
    [Fact]
    public void The_filters_of_a_host_link_are_read_as_they_are_written_and_every_way_through_them_ends()
    {
        foreach (var filter in Filters())
        {
            Assert.True(FrameFilter.TryParse(filter.ToString(), out var read));
            Assert.Equal(filter.Instructions, read.Instructions);
            for (var i = 0; i < filter.Instructions.Count; i++)
            {
                var (code, yes, no, value) = filter.Instructions[i];
                var isEnd = code == 6;
                Assert.True(isEnd ? value is FrameFilter.Pass or FrameFilter.Drop : i + 1 + Math.Max(yes, no) < filter.Instructions.Count);
            }

            Assert.Equal((6, FrameFilter.Drop), (filter.Instructions[^1].Code, filter.Instructions[^1].Value));
        }
    }

    // A load past the end of a frame would end the program with the verdict that lets it pass.
    [Fact]
    public void Nothing_is_looked_at_before_it_is_known_to_be_there()
    {
        foreach (var filter in Filters())
        {
            var known = 0u;
            foreach (var (code, _, _, value) in filter.Instructions)
            {
                var size = code switch { 0x20 => 4u, 0x28 => 2u, 0x30 => 1u, _ => 0u };
                known = code switch { 0x80 => 0, 0x35 => value, _ => known };
                Assert.True(size == 0 || value >= 0xffff_f000 || value + size <= known, $"{code} {value}");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("2,6 0 0 2")]
    [InlineData("1,6 0 0 2,")]
    [InlineData("1,6 0 0")]
    [InlineData("1,6 0 0 -1")]
    [InlineData("1,6 0 256 2")]
    [InlineData("1,6  0 0 2")]
    public void Damaged_text_is_no_filter(string text) => Assert.False(FrameFilter.TryParse(text, out _));

    private static FrameFilter[] Filters()
    {
        Assert.True(NamespaceName.TryParse("media", out var name));
        Assert.True(InterfaceName.TryParse("vh-media", out var host) & InterfaceName.TryParse("vn-media", out var inner));
        var link = new HostLink { HostInterface = host, NamespaceInterface = inner, Subnet = IPNetwork.Parse("169.254.77.4/30"), TcpPorts = [9091] };
        return [HostLinkFilters.OutOfNamespace(name, link), HostLinkFilters.IntoNamespace(name, link)];
    }
}
