using System.Diagnostics;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Linux.Netlink.NfTables;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Tests.Policy;

namespace VpnConfinement.Linux.Tests.Packets;

/// <summary>Whether the packet tests would notice a wrong rule: each change of a ruleset must make a difference in a mode that has that rule.</summary>
[Trait("guarantees", "S-3 S-4 S-5")]
[Collection("root")]
public sealed class MutantTests(ITestOutputHelper output)
{
    // Changes that change nothing, with the reason.
    private static readonly (string Change, string Reason)[] Equivalent =
    [
        (": policy accept", "the last rule of each chain refuses whatever is left; the policy is the second lock"),
    ];

    [Fact]
    public void Every_mutant_of_a_ruleset_is_noticed()
    {
        using var lab = new PacketLab();
        var clock = Stopwatch.StartNew();
        var modes = Mode.All.Select(m => m.Namespace).OrderByDescending(ns => NamespaceRuleset.Compile(ns).Length).ToList();
        var open = new SortedSet<string>(StringComparer.Ordinal);
        var (caught, malformed, trials) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal), 0);
        var equivalent = new HashSet<string>(StringComparer.Ordinal);
        lab.Inside(() =>
        {
            using var nft = NftContext.Here();
            using var kernel = NfTablesSocket.Here();
            var trial = new RulesetTrial(lab, nft, kernel);
            var patience = TimeSpan.FromMilliseconds(100);
            var tried = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var ns in modes)
            {
                var (traffic, policy, control) = (new Traffic(ns), NamespacePolicy.Of(ns), false);
                foreach (var mutant in Mutants.Of(NamespaceRuleset.Compile(ns)))
                {
                    if (Equivalent.Any(e => mutant.Change.Contains(e.Change, StringComparison.Ordinal)))
                    {
                        equivalent.Add(mutant.Change);
                        continue;
                    }

                    if (caught.Contains(mutant.Change) || malformed.ContainsKey(mutant.Change) || tried.GetValueOrDefault(mutant.Change) >= 24)
                    {
                        continue;
                    }

                    if (!control)
                    {
                        // What is noticed is the change, and not the machine's mood.
                        Assert.Empty(trial.Differences(traffic, policy, NamespaceRuleset.Compile(ns), firstOnly: true));
                        control = true;
                    }

                    tried[mutant.Change] = tried.GetValueOrDefault(mutant.Change) + 1;
                    trials++;
                    try
                    {
                        if (trial.Differences(traffic, policy, mutant.Ruleset, firstOnly: true, patience).Count > 0)
                        {
                            caught.Add(mutant.Change);
                            open.Remove(mutant.Change);
                        }
                        else
                        {
                            open.Add(mutant.Change);
                        }
                    }
                    catch (SystemFailure e)
                    {
                        // Only what nft itself refuses is no mutant; anything else that fails here is the lab's own fault.
                        Assert.ThrowsAny<SystemFailure>(() => NftContext.Check(mutant.Ruleset, "check a mutant"));
                        malformed[mutant.Change] = e.Message;
                    }
                }
            }

            return true;
        });
        var all = caught.Count + open.Count;
        output.WriteLine($"mutants caught {caught.Count} of {all} ({malformed.Count} that nft refuses, {equivalent.Count} that change nothing; {trials} trials, {clock.Elapsed.TotalSeconds:F0} s)");
        foreach (var (change, why) in malformed)
        {
            output.WriteLine($"refused by nft: {change}: {why}");
        }

        Assert.NotEmpty(caught);
        Assert.True(open.Count == 0, string.Join('\n', open));
    }
}
