using VpnConfinement.Text;

namespace VpnConfinement.Core.Tests.Text;

/// <summary>Text in lines of a width.</summary>
public sealed class TextLinesTests
{
    [Theory]
    [InlineData("", 10, 0, "")]
    [InlineData("one two three", 7, 0, "one two|three")]
    [InlineData("one\ntwo three", 7, 0, "one two|three")]
    [InlineData("one two three", 13, 0, "one two three")]
    [InlineData("of-one-line-alone two", 7, 0, "of-one-line-alone|two")]
    [InlineData("in:  two three four", 9, 4, "in:  two|    three|    four")]
    [InlineData("a b c d e", 5, 2, "a b c|  d e")]
    public void Lines_are_filled_with_words(string text, int width, int hanging, string lines) =>
        Assert.Equal(lines, string.Join('|', TextLines.Wrap(text, width, hanging)));
}
