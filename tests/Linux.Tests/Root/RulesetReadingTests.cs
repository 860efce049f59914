using System.Diagnostics;
using System.Text;
using VpnConfinement.Linux.Netlink.NfTables;
using VpnConfinement.Linux.Nftables;

namespace VpnConfinement.Linux.Tests.Root;

[Collection("root")]
[Trait("guarantees", "S-32")]
public sealed class RulesetReadingTests(ITestOutputHelper output) : IDisposable
{
    private readonly RealRulesets _real = new("reading");

    public void Dispose() => _real.Dispose();

    [Fact]
    public void Five_thousand_foreign_tables_do_not_count()
    {
        _real.Ensure();
        var before = CompiledRuleset.Of(_real.Inside.Name, _real.Inside.Text()).Parts;
        var foreign = new StringBuilder();
        for (var i = 0; i < 5000; i++)
        {
            // With names like ours, too: a chain "output" and a set "tunnel_v4" in each.
            foreign.Append(
                $"table inet vpnc{i} {{ set tunnel_v4 {{ type ipv4_addr; elements = {{ 192.0.2.{i % 200} }} }}\n chain output {{ ip daddr @tunnel_v4 accept\n }}\n }}\n");
        }

        File.WriteAllText("/run/reading.nft", foreign.ToString());
        _real.Nft("nft -f /run/reading.nft");
        var clock = Stopwatch.StartNew();
        Assert.Equal("", _real.Drift());
        output.WriteLine($"three tables among 5,000 read in {clock.ElapsedMilliseconds} ms");
        Assert.Equal(before, _real.Parts(_real.Inside));
        _real.Nft("nft add element INSIDE tunnel_v4 { 192.0.2.7 }");
        Assert.Equal("the elements of set tunnel_v4 were changed", _real.Drift());
        _real.Ensure();
        Assert.Equal("", _real.Drift());
    }

    [Fact]
    public void A_table_that_others_change_around_all_the_time_is_read_whole_or_not_at_all()
    {
        _real.Ensure();
        var expected = _real.Parts(_real.Inside);
        using var foreign = Change("nft add table inet other; nft add chain inet other x; nft delete table inet other");
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(expected, _real.Parts(_real.Inside));
        }
    }

    [Fact]
    public void A_table_that_is_replaced_all_the_time_is_read_as_one_or_the_other()
    {
        _real.Ensure();
        var one = _real.Parts(_real.Inside);
        var changed = _real.Inside.Text().Replace("policy drop", "policy accept", StringComparison.Ordinal)
            .Replace("6881", "6889", StringComparison.Ordinal);
        var other = CompiledRuleset.Of(_real.Inside.Name, changed).Parts;
        File.WriteAllText("/run/reading-1.nft", $"delete table inet vpnc\n{changed}");
        File.WriteAllText("/run/reading-2.nft", $"delete table inet vpnc\n{_real.Inside.Text()}");
        using var replacing = Change("nft -f /run/reading-1.nft; nft -f /run/reading-2.nft");
        var seen = new int[2];
        for (var i = 0; i < 300; i++)
        {
            var found = _real.Parts(_real.Inside);
            seen[found.SequenceEqual(one) ? 0 : found.SequenceEqual(other) ? 1
                : throw new InvalidOperationException(RulesetIdentity.Difference(one, found))]++;
        }

        output.WriteLine($"the one {seen[0]} times, the other {seen[1]} times");
        Assert.All(seen, times => Assert.NotEqual(0, times));
    }

    [Fact]
    public void A_look_changes_nothing()
    {
        _real.Ensure();
        var before = Generation();
        Assert.Equal("", _real.Drift());
        Assert.Equal(before, Generation());
    }

    [Fact]
    public void A_table_that_is_not_there_is_told_from_one_that_is_empty()
    {
        Assert.Empty(_real.Parts(_real.Inside));
        _real.Nft("nft add table inet vpnc");
        Assert.Equal(["Table vpnc"], _real.Parts(_real.Inside).Select(p => $"{p.Kind} {p.Name}"));
        _real.Run(() =>
        {
            NftTable.Delete("vpnc");
            NftTable.Delete("vpnc");
            return true;
        });
        Assert.Empty(_real.Parts(_real.Inside));
    }

    private uint Generation() => _real.Run(() =>
    {
        using var kernel = NfTablesSocket.Here();
        return kernel.Generation();
    });

    private Looping Change(string command)
    {
        var process = Process.Start(new ProcessStartInfo("nsenter", [$"--net=/run/netns/{_real.Name}", "sh", "-c",
            $"while :; do {command}; done"]))!;
        return new Looping(process);
    }

    private sealed class Looping(Process process) : IDisposable
    {
        public void Dispose()
        {
            Assert.False(process.HasExited);
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
