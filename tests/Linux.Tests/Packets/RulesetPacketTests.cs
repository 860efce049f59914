using System.Diagnostics;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Linux.Netlink.NfTables;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Tests.Policy;

namespace VpnConfinement.Linux.Tests.Packets;

[Trait("guarantees", "S-3 S-4 S-5")]
[Collection("root")]
public sealed class RulesetPacketTests(ITestOutputHelper output)
{
    // Sources and destinations that the kernel drops before any ruleset; whatever else did not come through would prove nothing by being refused.
    private static readonly string[] KernelRefuses =
        ["Tunnel: 224.0.0.251 >", "Tunnel: 239.1.2.3 >", "Tunnel: 255.255.255.255 >", "Tunnel: ::1 >", "Tunnel: ff02::fb >", "Tunnel: ff0e::1 >"];

    [Fact]
    public void Every_mode_lets_through_what_the_policy_says_and_nothing_else() // S-3, S-4, S-5
    {
        using var lab = new PacketLab();
        var clock = Stopwatch.StartNew();
        var (modes, probes, differences) = (0, 0, new List<string>());
        lab.Inside(() =>
        {
            using var nft = NftContext.Here();
            using var kernel = NfTablesSocket.Here();
            var trial = new RulesetTrial(lab, nft, kernel);
            foreach (var mode in Mode.All)
            {
                var ns = mode.Namespace;
                var traffic = new Traffic(ns);
                if (modes == 0)
                {
                    // The control: without a ruleset everything comes through.
                    Assert.Equal(KernelRefuses.Order(StringComparer.Ordinal), trial.RefusedByKernel(traffic).Select(p => KernelRefuses.Single(p.Name.Contains)).Order(StringComparer.Ordinal));
                }

                differences.AddRange(trial.Differences(traffic, NamespacePolicy.Of(ns), NamespaceRuleset.Compile(ns), firstOnly: false).Select(d => $"{mode}: {d}"));
                (modes, probes) = (modes + 1, probes + traffic.Probes.Count);
                if (differences.Count > 50)
                {
                    break;
                }
            }

            return true;
        });
        output.WriteLine($"{modes} modes, {probes} probes, {differences.Count} differences, {clock.Elapsed.TotalSeconds:F1} s");
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }
}
