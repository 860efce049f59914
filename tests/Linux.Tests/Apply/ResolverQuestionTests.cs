using VpnConfinement.Linux.Apply;

namespace VpnConfinement.Linux.Tests.Apply;

public sealed class ResolverQuestionTests
{
    private static readonly byte[] Question = ResolverQuestion.Message([0xab, 0xcd]);

    [Fact]
    public void It_asks_for_the_servers_of_the_root_zone() => Assert.Equal("ABCD01000001000000000000" + "00" + "0002" + "0001", Convert.ToHexString(Question));

    [Theory]
    [InlineData("ABCD81800001000000000000", true)]
    [InlineData("ABCD81850001000000000000", true)]
    [InlineData("ABCE81800001000000000000", false)]
    [InlineData("ABCD01000001000000000000", false)]
    [InlineData("ABCD8180", false)]
    [InlineData("", false)]
    public void Any_answer_with_its_number_counts(string datagram, bool isAnswer) =>
        Assert.Equal(isAnswer, ResolverQuestion.IsAnswer(Convert.FromHexString(datagram), Question));
}
