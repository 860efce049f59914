using System.Diagnostics;
using System.Net;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Tests.Packets;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Tests.Root;

[Collection("root")]
public sealed class ManyPrefixesTests(ITestOutputHelper output)
{
    [Fact]
    public void Ten_thousand_prefixes_are_loaded_once_and_known_again()
    {
        using var lab = new PacketLab();
        var mode = new Mode(EgressShape.Prefixes, DnsMode.Strict, IPv6Mode.Disable, HostLink: true, Ingress: true, EssentialIcmp: true).Namespace;
        var ns = mode with { Egress = mode.Egress with { Cidrs = [.. Enumerable.Range(0, 10_000).Select(n => new IPNetwork(new IPAddress([(byte)(20 + (n >> 14)), (byte)(n >> 7), (byte)(n << 1), 0]), 24))] } };
        var text = NamespaceRuleset.Compile(ns);
        lab.Inside(() =>
        {
            using var nft = NftContext.Here();
            var table = NftTable.Of(NamespaceRuleset.Table, text, "/run/many-prefixes");
            var clock = Stopwatch.StartNew();
            Assert.True(table.Ensure(_ => Conntrack.FlushHere()));
            var loaded = clock.Elapsed;
            Assert.False(table.Ensure(_ => Conntrack.FlushHere()));
            var again = clock.Elapsed - loaded;
            Assert.Null(table.DriftHere());
            output.WriteLine($"checked, loaded and read back in {loaded.TotalMilliseconds:F0} ms, found again in {again.TotalMilliseconds:F0} ms");

            // One element less is another ruleset.
            nft.Load($"delete element inet {NamespaceRuleset.Table} allowed_v4 {{ 20.0.0.0/24 }}", "take one out");
            Assert.Equal("the elements of set allowed_v4 were changed", table.DriftHere()?.Detail);
            Assert.True(loaded < TimeSpan.FromSeconds(20), $"{loaded}");
            return true;
        });
    }
}
