using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Tests.Root;

[Collection("root")]
public sealed class NftGenerationTests : IDisposable
{
    private readonly TestPlan _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void While_nothing_changes_the_number_alone_tells()
    {
        _test.Up(_test.Stored());

        // Without this record a listing cannot say yes.
        File.Delete(StateLayout.RulesetRecord(_test.Name));
        Assert.True(IsLoaded());
        Assert.False(IsLoaded(source: "of another text"));
    }

    [Theory]
    [InlineData("nft insert rule inet vpnc output accept")]
    [InlineData("nft delete table inet vpnc")]
    [InlineData("nft flush chain inet vpnc input")]
    [InlineData("nft flush ruleset")]
    public void Any_change_is_noticed_and_the_next_up_repairs_it(string change)
    {
        _test.Up(_test.Stored());
        _test.In(change);
        Assert.False(IsLoaded());
        _test.Up(_test.Stored());
        File.Delete(StateLayout.RulesetRecord(_test.Name));
        Assert.True(IsLoaded());
    }

    [Fact]
    public void A_table_of_somebody_elses_has_the_ruleset_listed_and_found_right()
    {
        _test.Up(_test.Stored());
        _test.In("nft add table inet other");
        Assert.True(IsLoaded());
        File.Delete(StateLayout.RulesetRecord(_test.Name));
        Assert.False(IsLoaded());
    }

    private bool IsLoaded(string? source = null)
    {
        using var netns = Netns.Open(_test.Name);
        return NftGeneration.IsLoaded(netns, _test.Name, source ?? _test.Stored().Plan.RulesetSha256);
    }
}
