using VpnConfinement.Linux.Watch;

namespace VpnConfinement.Linux.Tests.Watch;

/// <summary>Which keys of a tunnel the watcher holds against their file.</summary>
[Trait("guarantees", "S-25")]
public sealed class TunnelKeyTests
{
    private readonly TunnelKey _key = new();

    [Fact]
    public void The_key_of_a_tunnel_that_was_up_before_the_watcher_is_taken_as_it_is()
    {
        _key.Look("one");
        _key.Look("one");
        Assert.False(_key.IsRekeyed);
    }

    [Fact]
    public void Another_key_is_held_against_the_file_until_it_is_settled()
    {
        _key.Look("one");
        _key.Look("other");
        _key.Look("other");
        Assert.True(_key.IsRekeyed);
        _key.Settle();
        _key.Look("other");
        Assert.False(_key.IsRekeyed);
    }

    // It may have been set between the tunnel's start and the first look at it.
    [Fact]
    public void The_first_key_of_a_tunnel_that_came_up_under_the_watcher_is_held_against_the_file()
    {
        _key.LookAtNone();
        _key.Look("one");
        Assert.True(_key.IsRekeyed);
    }

    [Fact]
    public void A_device_without_a_key_has_another_one_than_before_and_gets_another_one()
    {
        _key.Look("one");
        _key.Look(null);
        Assert.True(_key.IsRekeyed);
        _key.Settle();
        _key.Look("one");
        Assert.True(_key.IsRekeyed);
    }

    [Fact]
    public void A_tunnel_that_was_away_and_has_the_same_key_is_as_before()
    {
        _key.Look("one");
        _key.LookAtNone();
        _key.Look("one");
        Assert.False(_key.IsRekeyed);
    }
}
