using VpnConfinement.Text;

namespace VpnConfinement.Core.Tests.Text;

public sealed class ExpositionWriterTests
{
    [Fact]
    public void A_family_has_its_help_and_its_type_once()
    {
        var writer = new ExpositionWriter();
        writer.Gauge("up", "Whether it is up.", [new(1, ("ns", "a")), new(0, ("ns", "b"), ("x", "y"))]);
        writer.Counter("bytes_total", "Bytes.", [new(18446744073709551615)]);
        Assert.Equal(
            """
            # HELP up Whether it is up.
            # TYPE up gauge
            up{ns="a"} 1
            up{ns="b",x="y"} 0
            # HELP bytes_total Bytes.
            # TYPE bytes_total counter
            bytes_total 1.8446744073709552E+19

            """,
            writer.Text);
    }

    [Fact]
    public void A_family_without_a_sample_is_left_out()
    {
        var writer = new ExpositionWriter();
        writer.Gauge("up", "Whether it is up.", []);
        Assert.Empty(writer.Text);
    }

    [Theory]
    [InlineData("a\"b", "a\\\"b")]
    [InlineData("a\\b", "a\\\\b")]
    [InlineData("a\nb", "a\\nb")]
    [InlineData("a\"} 1\nup{x=\"", "a\\\"} 1\\nup{x=\\\"")]
    [InlineData("Ünïcode {}=,#", "Ünïcode {}=,#")]
    public void The_value_of_a_label_cannot_end_its_quotes_or_its_line(string value, string written)
    {
        var writer = new ExpositionWriter();
        writer.Gauge("m", "Help.", [new(1.5, ("l", value))]);
        Assert.EndsWith($"\nm{{l=\"{written}\"}} 1.5\n", writer.Text, StringComparison.Ordinal);
        Assert.Equal(3, writer.Text.Count(c => c == '\n'));
    }

    [Fact]
    public void A_help_text_cannot_end_its_line()
    {
        var writer = new ExpositionWriter();
        writer.Gauge("m", "a\n\"b\" \\", [new(1)]);
        Assert.StartsWith("# HELP m a\\n\"b\" \\\\\n", writer.Text, StringComparison.Ordinal);
    }
}
