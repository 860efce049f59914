using VpnConfinement.Linux.Nftables;

namespace VpnConfinement.Linux.Tests.Root;

/// <summary>Records that another version of the program wrote, or that are damaged.</summary>
[Collection("root")]
public sealed class OtherVersionsRecordTests : IDisposable
{
    private readonly RealRulesets _real = new("records");

    public void Dispose() => _real.Dispose();

    [Fact]
    public void A_table_that_an_older_version_loaded_is_known_by_its_text_and_not_loaded_again()
    {
        FirstFormat();
        Assert.Equal("", _real.Drift());
        var before = Generation();
        _real.Ensure();
        Assert.Equal(before, Generation());
        Assert.All(_real.All, t => Assert.NotNull(RulesetRecord.Load(t.RecordPath)));
        Assert.Equal("", _real.Drift());
    }

    [Fact]
    public void One_that_is_not_what_its_text_makes_is_not_known_and_loaded_again_once()
    {
        FirstFormat();
        _real.Nft("nft insert rule INSIDE output accept");
        var drift = _real.Run(_real.Inside.DriftHere)!;
        Assert.Equal(RulesetDriftKind.Unproven, drift.Kind);
        Assert.Contains("an older version of vpn-confinement loaded it", drift.Detail, StringComparison.Ordinal);
        Assert.Contains("the rules of chain output were changed", drift.Detail, StringComparison.Ordinal);
        var ended = new List<bool>();
        Assert.True(_real.Run(() => _real.Inside.Ensure(ended.Add)));

        // What was allowed by it may be going on.
        Assert.Equal([false], ended);
        Assert.Equal("", _real.Drift());
        Assert.False(_real.Run(() => _real.Inside.Ensure(ended.Add)));
    }

    [Fact]
    public void One_of_another_text_is_another()
    {
        FirstFormat();
        File.WriteAllText(_real.Inside.RecordPath, $"vpnc {new string('0', 64)} {new string('1', 64)}\n");
        Assert.Equal((RulesetDriftKind.Changed, "it is that of an earlier apply"), Of(_real.Run(_real.Inside.DriftHere)));

        // By whatever was loaded last nothing is known to be wrong.
        Assert.Equal(RulesetDriftKind.Unproven, _real.Run((_real.Inside with { Source = null }).DriftHere)!.Kind);
    }

    [Theory]
    [InlineData("format 3\nanything\n")]
    [InlineData("")]
    [InlineData("format 2\nloading\n")]
    [InlineData("format 2\nvpnc")]
    public void One_of_a_newer_format_or_cut_short_is_not_known_and_loaded_again(string text)
    {
        _real.Ensure();
        File.WriteAllText(_real.Inside.RecordPath + ".parts", text);
        Assert.Equal(RulesetDriftKind.Unproven, _real.Run(_real.Inside.DriftHere)!.Kind);
        _real.Ensure();
        Assert.Equal("", _real.Drift());
    }

    [Fact]
    public void One_that_is_gone_is_loaded_again()
    {
        _real.Ensure();
        File.Delete(_real.Inside.RecordPath + ".parts");
        Assert.Equal((RulesetDriftKind.Changed, "it is not written down what was loaded"),
            Of(_real.Run(_real.Inside.DriftHere)));
        _real.Ensure();
        Assert.Equal("", _real.Drift());
    }

    private static (RulesetDriftKind? Kind, string? Detail) Of(RulesetDrift? drift) => (drift?.Kind, drift?.Detail);

    // What a version before this one left: the name of the table, the hash of its text, and that of a listing.
    private void FirstFormat()
    {
        _real.Ensure();
        foreach (var table in _real.All)
        {
            RulesetRecord.Delete(table.RecordPath);
            File.WriteAllText(table.RecordPath, $"{table.Name} {table.Source} {new string('f', 64)}\n");
        }
    }

    private uint Generation() => _real.Run(() =>
    {
        using var kernel = VpnConfinement.Linux.Netlink.NfTables.NfTablesSocket.Here();
        return kernel.Generation();
    });
}
