using VpnConfinement.Health;

namespace VpnConfinement.Core.Tests.Health;

[Trait("guarantees", "S-39")]
public sealed class HealthRecordTests
{
    private const string Text = "netns 4:4026532684\npeer AAAA= silent 1700000000\nresolver answering 1700000001\n";

    [Fact]
    public void It_is_read_as_it_was_written()
    {
        var record = HealthRecord.Read(Text)!;
        Assert.Equal(new Answers(AnswerState.Silent, DateTimeOffset.FromUnixTimeSeconds(1700000000)), record.Peers["AAAA="]);
        Assert.Equal(Text, HealthRecord.Write(record));
    }

    [Theory]
    [InlineData("")]
    [InlineData("netns 4:4026532684")]
    [InlineData("peer AAAA= silent 1700000000\n")]
    [InlineData("netns 4:1\nnetns 4:2\n")]
    [InlineData("netns 4:1\npeer AAAA= well 1700000000\n")]
    [InlineData("netns 4:1\npeer AAAA= silent -1\n")]
    [InlineData("netns 4:1\npeer AAAA= silent 99999999999999999\n")]
    [InlineData("netns 4:1\npeer AAAA= silent 1\npeer AAAA= answering 1\n")]
    [InlineData("netns 4:1\nresolver answering 1\nresolver silent 1\n")]
    [InlineData("netns 4:1\nanother thing\n")]
    public void What_is_cut_short_or_damaged_says_nothing(string text) => Assert.Null(HealthRecord.Read(text));
}
