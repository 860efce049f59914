using VpnConfinement.Linux.Nftables;

namespace VpnConfinement.Linux.Tests.Nftables;

public sealed class RulesetRecordTests
{
    private static readonly RulesetRecord Record = new("vpnc", new string('a', 64), [new(RulesetPartKind.Chain,
        "input", "b"), new(RulesetPartKind.Rules, "input", "c")]);

    [Fact]
    public void It_is_read_as_it_was_written()
    {
        var read = RulesetRecord.Parse(Record.ToText())!;
        Assert.Equal((Record.Table, Record.Source), (read.Table, read.Source));
        Assert.Equal(Record.Parts, read.Parts);
    }

    [Fact]
    public void One_that_is_cut_at_any_length_is_none()
    {
        var text = Record.ToText();
        Assert.All(Enumerable.Range(0, text.Length), length => Assert.Null(RulesetRecord.Parse(text[..length])));
    }

    [Fact]
    public void One_of_another_format_or_with_anything_else_in_it_is_none()
    {
        var text = Record.ToText();
        string[] others =
        [
            text.Replace("format 2", "format 3", StringComparison.Ordinal), text.Replace("format 2", "format 1",
                StringComparison.Ordinal), "\n" + text,
            text + "\n", text + text, text.Replace("Chain", "chain", StringComparison.Ordinal), text.Replace("Chain",
                "77", StringComparison.Ordinal),
            text.Replace("Rules", "Chain", StringComparison.Ordinal), text.Replace("c Rules input\n", "c Rules\n",
                StringComparison.Ordinal),
            text.Replace("vpnc ", "vpnc", StringComparison.Ordinal),
                $"vpnc {new string('a', 64)} {new string('b', 64)}\n",
            $"format 2\nvpnc {new string('a', 64)}\nend\n",
        ];
        Assert.All(others, other => Assert.Null(RulesetRecord.Parse(other)));
    }
}
