using VpnConfinement.Watch;

namespace VpnConfinement.Core.Tests.Watch;

[Trait("guarantees", "S-25")]
public sealed class RepairRoundsTests
{
    [Fact]
    public void Ten_rounds_within_a_minute_are_a_contest_and_are_put_off_ever_longer()
    {
        var rounds = new RepairRounds();
        for (var i = 1; i < RepairRounds.Most; i++)
        {
            rounds.Repaired(i * 100);
            Assert.False(rounds.IsContested);
            Assert.True(rounds.MayRepair(i * 100));
        }

        rounds.Repaired(1_000);
        Assert.True(rounds.IsContested);
        Assert.Equal((false, true), (rounds.MayRepair(10_999), rounds.MayRepair(11_000)));
        rounds.Repaired(11_000);
        Assert.Equal((false, true), (rounds.MayRepair(30_999), rounds.MayRepair(31_000)));

        var now = 31_000L;
        for (var i = 0; i < 20; i++)
        {
            rounds.Repaired(now);
            now += 300_000;
            Assert.True(rounds.MayRepair(now));
        }
    }

    [Fact]
    public void It_is_over_once_nothing_differs_until_the_next_repair_would_be_due()
    {
        var rounds = new RepairRounds();
        for (var i = 0; i < RepairRounds.Most; i++)
        {
            rounds.Repaired(0);
        }

        rounds.Whole(9_999);
        Assert.True(rounds.IsContested);
        rounds.Whole(10_000);
        Assert.False(rounds.IsContested);
        rounds.Repaired(10_000);
        Assert.False(rounds.IsContested);
    }

    [Fact]
    public void What_is_changed_now_and_then_is_no_contest()
    {
        var rounds = new RepairRounds();
        for (var now = 0L; now < 100 * RepairRounds.Window; now += RepairRounds.Window / 5)
        {
            rounds.Repaired(now);
            Assert.False(rounds.IsContested);
        }
    }
}
