using System.Net;
using VpnConfinement.Compile;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Drift;
using VpnConfinement.Core.Tests.Drift;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Core.Tests.Plan;

/// <summary>What is changed while a namespace is up, and what is not.</summary>
public sealed partial class ApplyPlanTests
{
    [Fact]
    public void What_the_living_tunnel_can_take_takes_nothing_down()
    {
        var before = WithPlan(Tree(("a", "wg0", ["x.service"])), p => p);
        var after = WithPlan(before, p => p with { WireGuard = p.WireGuard with { Mtu = 1300, ListenPort = 5, Routes = [IPNetwork.Parse("10.0.0.0/8")], Peers = [Peer] } });
        var plan = Living(before, after);
        Assert.Empty(plan.NamespaceStops);
        Assert.Empty(plan.UnitRestarts);
        Assert.Equal("/var/lib/vpn-confinement/namespaces/a/plan.json changes", Assert.Single(Assert.Single(plan.Adjustments).Reasons).Text);
        Assert.False(plan.IsEmpty);

        // Another ruleset: flows end, and nothing else.
        var ruleset = Living(before, WithPlan(after, p => p with { RulesetSha256 = "new" }));
        Assert.Empty(ruleset.Stops);
        Assert.True(Assert.Single(ruleset.Adjustments).Ruleset.EndsEverything);
        Assert.False(Assert.Single(plan.Adjustments).Ruleset.ClosesAnything);

        // A key alone, and one with the peer that has it.
        var key = after.Plans[0].WireGuard.PrivateKeyFile;
        Assert.Empty(Living(before, before, keys: [key]).NamespaceStops);
        Assert.Equal([PlanReasonKind.FileChanges, PlanReasonKind.KeyChanges], Assert.Single(Living(before, after, keys: [key]).Adjustments).Reasons.Select(r => r.Kind).Order());
    }

    [Fact]
    public void A_change_of_lists_ends_what_they_no_longer_allow_and_of_a_policy_that_is_not_known_everything()
    {
        var before = WithPlan(Tree(("a", "wg0", ["x.service"])), p => WithPolicy(p, [80, 81]));
        var after = WithPlan(before, p => WithPolicy(p, [81, 82]));
        var change = Assert.Single(Living(before, after).Adjustments).Ruleset;
        Assert.False(change.EndsEverything);
        Assert.True(change.Ends(RulesetChange.Tcp, 80, IPAddress.Loopback));
        Assert.False(change.Ends(RulesetChange.Tcp, 81, IPAddress.Loopback));

        // By the rules of another version, or by a plan of one that kept no policy.
        foreach (var other in (Func<NamespacePlan, NamespacePlan>[])[
            p => p with { Policy = null },
            p => p with { RulesetSha256 = "rules of another version" }])
        {
            Assert.True(Assert.Single(Living(WithPlan(before, other), after).Adjustments).Ruleset.EndsEverything);
            Assert.True(Assert.Single(Living(before, WithPlan(after, other)).Adjustments).Ruleset.EndsEverything);
        }

        Assert.False(Assert.Single(Living(WithPlan(before, p => p with { Policy = null }), before).Adjustments).Ruleset.ClosesAnything);
    }

    private static NamespacePlan WithPolicy(NamespacePlan plan, IReadOnlyList<ushort> ports)
    {
        var policy = RulesetChangeTests.Policy with { FromTunnelTcp = ports };
        return plan with { Policy = policy, RulesetSha256 = ContentHash.Of(NamespaceRuleset.Compile(plan, policy)) };
    }

    // Neither can be taken from a link that has it: it would go on sending there, and listening there.
    [Fact]
    public void An_endpoint_or_a_listening_port_that_is_no_more_takes_the_tunnel_down()
    {
        var before = WithPlan(Tree(("a", "wg0", ["x.service"])), p => p with { WireGuard = p.WireGuard with { ListenPort = 5, Peers = [Peer with { Endpoint = IPEndPoint.Parse("192.0.2.1:51820") }, Peer with { PublicKey = NamespaceSample.Key('n'), EndpointName = new("vpn.example", 51820) }] } });
        foreach (var change in (Func<WireGuardPlan, WireGuardPlan>[])[
            w => w with { ListenPort = null },
            w => w with { Peers = [w.Peers[0] with { Endpoint = null }, w.Peers[1]] },
            w => w with { Peers = [w.Peers[0], w.Peers[1] with { EndpointName = null }] }])
        {
            Assert.Equal(["a"], Living(before, WithPlan(before, p => p with { WireGuard = change(p.WireGuard) })).Stops.Select(n => n.Name));
        }

        foreach (var change in (Func<WireGuardPlan, WireGuardPlan>[])[
            w => w with { ListenPort = 6 },
            w => w with { Peers = [w.Peers[1]] },
            w => w with { Peers = [w.Peers[0] with { Endpoint = null, EndpointName = new("vpn.example", 51820) }, w.Peers[1]] }])
        {
            Assert.Empty(Living(before, WithPlan(before, p => p with { WireGuard = change(p.WireGuard) })).Stops);
        }
    }

    [Fact]
    public void Whatever_else_changes_or_is_not_known_takes_the_tunnel_down()
    {
        var before = WithPlan(Tree(("a", "wg0", ["x.service"])), p => p);
        var after = WithPlan(before, p => p with { WireGuard = p.WireGuard with { Mtu = 1300 } });
        Stops(Living(before, after, known: false));
        Stops(Living(before, after, damage: "the link is gone"));
        Stops(Living(before, after with { Files = [.. after.Files, new GeneratedFile("/etc/systemd/system/shared.service", "shared", null, null)] }));
        foreach (var other in (Func<NamespacePlan, NamespacePlan>[])[
            p => p with { DisableIPv6 = !p.DisableIPv6 },
            p => p with { Pinning = new PinPlan { Table = "t", Mark = 1 } },
            p => p with { PinnedFiles = [new PinnedFile("/etc/resolv.conf", "other")] },
            p => p with { WireGuard = p.WireGuard with { FwMark = 9 } },
            p => p with { WireGuard = p.WireGuard with { Addresses = [new InterfaceAddress(IPAddress.Parse("10.9.9.9"), 32)] } },
            p => p with { WireGuard = p.WireGuard with { GeneratePrivateKey = !p.WireGuard.GeneratePrivateKey } },
            p => p with { WireGuard = p.WireGuard with { Implementation = WireGuardImplementation.Userspace } },
            p => p with { WireGuard = p.WireGuard with { Birthplace = "other" } },
            p => p with { WireGuard = p.WireGuard with { Resolvers = [IPAddress.Parse("10.0.0.1")] } }])
        {
            Stops(Living(before, WithPlan(after, other)));
        }

        // Edited on disk, or cut short: what is up may be something else.
        var edited = Manifest.Of(before) with { Files = [.. Manifest.Of(before).Files.Select(f => f.Path == StateLayout.Plan("a") ? f with { Sha256 = "" } : f)] };
        Stops(ApplyPlan.Make(edited, after, new() { HashOnDisk = HashIn(before), Applied = _ => before.Plans[0] }));

        static void Stops(ApplyPlan plan)
        {
            Assert.Empty(plan.Adjustments);
            Assert.Equal(["a"], plan.Stops.Select(n => n.Name));
            Assert.Equal(["x.service"], plan.Restarts);
        }
    }

    // Its socket goes with the outer tunnel.
    [Fact]
    public void An_inner_tunnel_whose_outer_one_goes_down_goes_down_too()
    {
        var before = Tree(("a", "wg0", []), ("b", "wg1", ["y.service"]));
        before = WithPlans(before with { Plans = [before.Plans[0], Inside(before.Plans[1], "a")] });
        var after = before with { Plans = [before.Plans[0], before.Plans[1] with { WireGuard = before.Plans[1].WireGuard with { Mtu = 1300 } }] };
        after = WithPlans(after with { Plans = [after.Plans[0] with { WireGuard = after.Plans[0].WireGuard with { FwMark = 9 } }, after.Plans[1]] });
        var plan = ApplyPlan.Make(Manifest.Of(before), after, new() { HashOnDisk = HashIn(before), Applied = ns => before.Plans.First(p => p.Namespace == ns) });
        Assert.Empty(plan.Adjustments);
        Assert.Equal(["a", "b"], plan.Stops.Select(n => n.Name));
        Assert.Equal(2, plan.NamespaceStops[1].Reasons.Count);
    }

    private static CompiledTree WithPlans(CompiledTree tree) => tree with
    {
        Files = [.. tree.Files.Where(f => !f.Path.EndsWith("plan.json", StringComparison.Ordinal)).Concat(tree.Plans.Select(p => new GeneratedFile(StateLayout.Plan(p.Namespace), PlanJson.Write(p), p.Namespace, null))).OrderBy(f => f.Path, StringComparer.Ordinal)],
    };

    private static readonly PeerPlan Peer = new() { PublicKey = NamespaceSample.Key('k'), PresharedKeyFile = null, Endpoint = null, EndpointName = null, RefreshSeconds = 0, AllowedIPs = [], PersistentKeepalive = 0 };

    private static ApplyPlan Living(CompiledTree before, CompiledTree after, bool known = true, string? damage = null, string[]? keys = null) => ApplyPlan.Make(Manifest.Of(before), after, new()
    {
        HashOnDisk = HashIn(before),
        Applied = _ => known ? before.Plans[0] : null,
        ChangedKeys = (keys ?? []).ToHashSet(),
        Drift = damage is null ? [] : [new(DriftKind.Namespace, "a", damage)],
    });

    private static CompiledTree WithPlan(CompiledTree tree, Func<NamespacePlan, NamespacePlan> change)
    {
        var plan = change(tree.Plans[0]);
        return tree with
        {
            Plans = [plan],
            Files = [.. tree.Files.Where(f => f.Path != StateLayout.Plan("a")).Append(new GeneratedFile(StateLayout.Plan("a"), PlanJson.Write(plan), "a", null)).OrderBy(f => f.Path, StringComparer.Ordinal)],
        };
    }
}
