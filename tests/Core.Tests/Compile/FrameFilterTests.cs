using VpnConfinement.Compile.Frames;
using VpnConfinement.Core.Tests.Drift;
using VpnConfinement.Plan;

namespace VpnConfinement.Core.Tests.Compile;

/// <summary>The filters of a host link; what they do to frames is tried on real links (HostLinkFilterTests).</summary>
public sealed class FrameFilterTests
{
    [Fact]
    public void Every_way_through_the_filters_of_a_host_link_ends()
    {
        foreach (var filter in Filters())
        {
            Assert.InRange(filter.Instructions.Count, 1, 4096);
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

    private static FrameFilter[] Filters() => [HostLinkFilters.OutOfNamespace(Link), HostLinkFilters.IntoNamespace(Link)];

    private static HostLinkPlan Link => NamespaceSample.Planned.HostLink!;
}
