namespace VpnConfinement.E2e.Tests.Faults;

public sealed class FaultPointTests
{
    [Theory]
    [InlineData("1/1", "12345")]
    [InlineData("1/2", "135")]
    [InlineData("2/2", "24")]
    public void All_shares_of_the_points_together_are_all(string share, string numbers)
    {
        FaultPoint[] all = [.. Enumerable.Range(1, 5).Select(n => new FaultPoint("command done", n, "", ""))];
        Assert.Equal(numbers, string.Concat(FaultPoint.Share(all, share).Select(p => p.Number)));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("3/2")]
    [InlineData("0/2")]
    public void A_share_that_is_none_is_refused_and_not_taken_for_all(string share) =>
        Assert.Throws<InvalidOperationException>(() => FaultPoint.Share([], share));
}
