using VpnConfinement.Compile;
using VpnConfinement.Core.Tests.Drift;
using VpnConfinement.Drift;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Core.Tests.Plan;

[Trait("guarantees", "S-12 S-14")]
public sealed partial class ApplyPlanTests
{
    [Fact]
    public void Nothing_to_do_when_all_is_as_applied()
    {
        var tree = Tree(("a", "wg0", ["x.service"]));
        Assert.True(Make(Manifest.Of(tree), tree, tree).IsEmpty);
    }

    [Fact]
    public void A_file_that_was_changed_on_disk_is_written_again_and_its_service_restarted()
    {
        var tree = Tree(("a", "wg0", ["x.service"]));
        var plan = ApplyPlan.Make(Manifest.Of(tree), tree, new() { HashOnDisk = p => p.EndsWith(".d/z.conf", StringComparison.Ordinal) ? "other" : HashIn(tree)(p) });
        Assert.Single(plan.Writes);
        Assert.Equal(["x.service"], plan.Restarts);
        Assert.Empty(plan.Stops);
    }

    [Fact]
    public void A_changed_namespace_stops_its_tunnel_and_restarts_its_services_and_no_others()
    {
        var before = Tree(("a", "wg0", ["x.service"]), ("b", "wg1", ["y.service"]));
        var after = before with { Files = [.. before.Files.Select(f => f.Path == StateLayout.Ruleset("a") ? f with { Content = "new" } : f)] };
        var plan = Make(Manifest.Of(before), before, after);
        Assert.Equal(["a"], plan.Stops.Select(n => n.Name));
        Assert.Equal(["x.service"], plan.Restarts);
    }

    [Fact]
    public void A_service_that_left_the_configuration_is_named()
    {
        var before = Tree(("a", "wg0", ["x.service", "y.service"]));
        var after = Tree(("a", "wg0", ["x.service"]));
        var plan = Make(Manifest.Of(before), before, after);
        Assert.Equal(["y.service"], plan.Unconfined);
        Assert.Contains(plan.Deletes, p => p.Contains("y.service.d", StringComparison.Ordinal));
    }

    [Fact]
    public void A_renamed_interface_takes_the_old_units_down()
    {
        var plan = Make(Manifest.Of(Tree(("a", "wg0", ["x.service"]))), Tree(("a", "wg0", ["x.service"])), Tree(("a", "wg9", ["x.service"])));
        Assert.Equal(["wg0"], plan.Stops.Select(n => n.Interface));
    }

    [Fact]
    public void Nothing_names_what_is_not_there_yet()
    {
        var tree = Tree(("a", "wg0", ["x.service"]));
        var paths = Make(Manifest.Empty, Tree(), tree).Writes.Select(f => f.Path).ToList();
        Assert.True(paths.FindLastIndex(p => p.StartsWith(StateLayout.StateFolder, StringComparison.Ordinal)) < paths.FindIndex(p => p.StartsWith("/etc", StringComparison.Ordinal)));
        Assert.EndsWith("z.conf", paths[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_was_cut_short_is_done_again()
    {
        var before = Tree(("a", "wg0", ["x.service"]), ("b", "wg1", []));
        var after = Tree(("a", "wg0", ["x.service"]), ("c", "wg2", ["y.service"]));
        after = after with { Files = [.. after.Files.Select(f => f.Path == StateLayout.Ruleset("a") ? f with { Content = "new" } : f)] };
        var cutShort = Manifest.Of(before).ChangingTo(Manifest.Of(after), ["x.service"], []);

        // Everything was written, nothing was restarted or deleted.
        var again = Make(cutShort, after, after);
        Assert.Contains(again.Stops, n => n.Name == "a");
        Assert.Contains(again.Stops, n => n.Name == "b");
        Assert.Equal(["x.service", "y.service"], again.Restarts);
        Assert.Contains(StateLayout.Ruleset("b"), again.Deletes);
        Assert.True(Make(Manifest.Of(before).ChangingTo(Manifest.Of(before), [], []), before, before).IsEmpty);
    }

    [Fact]
    public void A_namespace_that_was_damaged_in_the_kernel_is_brought_up_anew()
    {
        var tree = Tree(("a", "wg0", ["x.service"]), ("b", "wg1", ["y.service"]));
        var plan = ApplyPlan.Make(Manifest.Of(tree), tree, new() { HashOnDisk = HashIn(tree), Drift = [new(DriftKind.Namespace, "b", "the name was deleted")] });
        Assert.Equal(["b"], plan.Stops.Select(n => n.Name));
        Assert.Equal(["y.service"], plan.Restarts);
    }

    [Fact]
    public void A_table_that_another_version_loaded_is_loaded_again_and_stops_nothing()
    {
        var tree = Tree(("a", "wg0", ["x.service"]));
        var unproven = new DriftEntry(DriftKind.Namespace, "a", "it is not known")
        {
            Part = PartList.Ruleset,
            IsUnknown = true,
            IsUnproven = true,
        };
        var plan = ApplyPlan.Make(Manifest.Of(tree), tree, new() { HashOnDisk = HashIn(tree), Drift = [unproven] });
        Assert.Equal([unproven], plan.Drift);
        Assert.Equal(["a"], plan.Repairs.Select(r => r.Namespace));
        Assert.Empty(plan.Stops);
        Assert.Empty(plan.Restarts);
    }

    [Fact]
    public void A_new_service_leaves_the_others_of_its_namespace_alone()
    {
        var before = Tree(("a", "wg0", ["x.service"]));
        var after = Tree(("a", "wg0", ["x.service", "y.service"]));
        var plan = Make(Manifest.Of(before), before, after);
        Assert.Empty(plan.Stops);
        Assert.Equal(["y.service"], plan.Restarts);
    }

    [Fact]
    public void A_changed_socket_takes_its_service_with_it_and_a_changed_service_stays_alone()
    {
        var before = WithSocket(Tree(("a", "wg0", ["x.service", "y.service"])), "a", "x.socket", "x.service");
        Assert.Equal(["x.service", "x.socket"], Make(Manifest.Of(before), before, Changed(before, "x.socket")).Restarts);
        Assert.Equal(["x.service"], Make(Manifest.Of(before), before, Changed(before, "x.service")).Restarts);
        var without = Make(Manifest.Of(before), before, Tree(("a", "wg0", ["x.service", "y.service"])));
        Assert.Equal(["x.socket"], without.Unconfined);
    }

    [Fact]
    public void A_changed_publication_restarts_its_own_socket_and_nothing_else()
    {
        var before = WithPublished(WithPublished(Tree(("a", "wg0", ["x.service"])), "a", "p.socket"), "a", "q.socket");
        var plan = Make(Manifest.Of(before), before, Changed(before, "p.socket"));
        Assert.Equal(["p.socket"], plan.PublishStops);
        Assert.Equal(["p.socket"], plan.PublishStarts);
        Assert.Empty(plan.Stops);
        Assert.Empty(plan.Restarts);
    }

    [Fact]
    public void A_publication_stops_with_its_namespace_and_goes_with_its_entry()
    {
        var before = WithPublished(Tree(("a", "wg0", ["x.service"])), "a", "p.socket");
        var changed = before with { Files = [.. before.Files.Select(f => f.Path == StateLayout.Ruleset("a") ? f with { Content = "new" } : f)] };
        var plan = Make(Manifest.Of(before), before, changed);
        Assert.Equal(["p.socket"], plan.PublishStops);
        Assert.Equal(["p.socket"], plan.PublishStarts);

        var gone = Make(Manifest.Of(before), before, Tree(("a", "wg0", ["x.service"])));
        Assert.Equal(["p.socket"], gone.PublishStops);
        Assert.Empty(gone.PublishStarts);
        Assert.Empty(gone.Unconfined);
    }

    [Fact]
    public void A_publication_that_is_down_is_started()
    {
        var tree = WithPublished(Tree(("a", "wg0", [])), "a", "p.socket");
        var down = PartList.Compare(new HostState { Published = [new PublishedSocket("p.socket", "inactive")] });
        var plan = ApplyPlan.Make(Manifest.Of(tree), tree, new() { HashOnDisk = HashIn(tree), Drift = down });
        Assert.Equal(["p.socket"], plan.PublishStarts);
        Assert.False(plan.IsEmpty);
    }

    [Fact]
    public void A_tunnel_inside_a_changed_one_is_restarted_with_it_and_the_outer_one_not_with_the_inner()
    {
        var before = Tree(("a", "wg0", ["x.service"]), ("b", "wg1", ["y.service"]), ("c", "wg2", ["z.service"]));
        before = before with { Plans = [before.Plans[0], Inside(before.Plans[1], "a"), Inside(before.Plans[2], "b")] };
        CompiledTree NewRuleset(string ns) => before with { Files = [.. before.Files.Select(f => f.Path == StateLayout.Ruleset(ns) ? f with { Content = "new" } : f)] };
        Assert.Equal(["a", "b", "c"], Make(Manifest.Of(before), before, NewRuleset("a")).Stops.Select(n => n.Name));
        Assert.Equal(["y.service", "z.service"], Make(Manifest.Of(before), before, NewRuleset("b")).Restarts);
    }

    [Fact]
    public void A_manifest_survives_writing_and_is_refused_when_cut_short()
    {
        var text = ManifestJson.Write(Manifest.Of(Tree(("a", "wg0", ["x.service"]))));
        Assert.Equal(text, ManifestJson.Write(ManifestJson.Read(text)));
        for (var length = 0; length < text.TrimEnd().Length; length++)
        {
            Assert.Throws<System.Text.Json.JsonException>(() => ManifestJson.Read(text[..length]));
        }
    }

    [Fact]
    public void Each_file_is_written_for_a_reason_and_only_what_others_did_is_drift()
    {
        var before = Tree(("a", "wg0", ["x.service"]));
        var ruleset = StateLayout.Ruleset("a");
        Assert.Equal((FileChange.New, null), OfRuleset(Manifest.Empty, null));
        Assert.Equal((FileChange.Unrecorded, $"{ruleset} is there, and not known as applied"), OfRuleset(Manifest.Empty, "ruleset"));
        Assert.Equal((FileChange.Missing, $"{ruleset} is missing"), OfRuleset(Manifest.Of(before), null));
        Assert.Equal((FileChange.Edited, $"{ruleset} was changed since it was applied"), OfRuleset(Manifest.Of(before), "edited"));
        Assert.Equal((null, null), OfRuleset(Manifest.Of(before), "ruleset"));
        var changed = Make(Manifest.Of(before), before, before with { Files = [.. before.Files.Select(f => f.Path == ruleset ? f with { Content = "new" } : f)] });
        Assert.Equal(FileChange.Changed, Assert.Single(changed.FileWrites).Change);
        Assert.Empty(changed.Drift);

        (FileChange? Change, string? Drift) OfRuleset(Manifest applied, string? onDisk)
        {
            string? Look(string path) => path == ruleset ? onDisk is null ? null : ContentHash.Of(onDisk)
                : applied == Manifest.Empty ? null : HashIn(before)(path);
            var files = FileState.Staying(applied, before, path => new Observation<string?>.Known(Look(path)));
            var plan = ApplyPlan.Make(
                applied,
                before,
                new() { HashOnDisk = Look, Drift = PartList.Compare(new HostState { Files = files }) });
            return (plan.FileWrites.FirstOrDefault(w => w.File.Path == ruleset)?.Change, plan.Drift.FirstOrDefault(d => d.Kind is DriftKind.File)?.Text);
        }
    }

    [Fact]
    public void Each_tunnel_goes_down_and_each_unit_is_restarted_for_a_reason()
    {
        var before = WithSocket(Tree(("a", "wg0", ["x.service"]), ("b", "wg1", ["y.service"]), ("c", "wg2", [])), "a", "x.socket", "x.service");
        before = before with { Plans = [before.Plans[0], Inside(before.Plans[1], "a"), before.Plans[2]] };
        var after = before with
        {
            Files = [.. before.Files.Where(f => f.Namespace != "c").Select(f => f.Path == StateLayout.Ruleset("a") ? f with { Content = "new" } : f)],
            Namespaces = [.. before.Namespaces.Where(n => n.Name != "c")],
        };
        var plan = ApplyPlan.Make(Manifest.Of(before), after, new() { HashOnDisk = HashIn(before), Drift = [new(DriftKind.Namespace, "b", "the link is gone")] });
        Assert.Equal(
            ["a: /var/lib/vpn-confinement/namespaces/a/ruleset.nft changes", "b: the link is gone", "c: the configuration has no namespace c"],
            plan.NamespaceStops.Select(s => $"{s.Namespace.Name}: {string.Join(", ", s.Reasons.Select(r => r.Text))}"));
        Assert.Equal([true, true, false], plan.NamespaceStops.Select(s => s.ComesBack));
        Assert.Equal(
            ["x.service: namespace a goes down, x.socket, which starts it, is restarted", "x.socket: namespace a goes down", "y.service: namespace b goes down"],
            plan.UnitRestarts.Select(r => $"{r.Unit}: {string.Join(", ", r.Reasons.Select(reason => reason.Text))}"));
        Assert.Equal(["the link is gone"], plan.Drift.Select(d => d.Text));
    }

    [Fact]
    public void Units_are_restarted_for_their_own_sake_too()
    {
        var before = Tree(("a", "wg0", ["x.service"]));
        var after = Changed(Tree(("a", "wg0", ["x.service", "y.service"])), "x.service");
        var plan = ApplyPlan.Make(Manifest.Of(before), after, new() { HashOnDisk = HashIn(before), Drift = PartList.Compare(new HostState { Processes = [Outside("x.service")] }) });
        Assert.Equal(
            ["/etc/systemd/system/x.service.d/z.conf changes", "it runs outside its namespace", "it becomes confined in namespace a"],
            plan.UnitRestarts.SelectMany(r => r.Reasons).Select(r => r.Text));
        Assert.Equal(["process 7 of x.service is outside its namespace (netns 1)"], plan.Drift.Select(d => d.Text));
        var renamed = Make(Manifest.Of(before), before, Tree(("a", "wg9", ["x.service"]))).NamespaceStops;
        Assert.Contains("the configuration has another interface than wg0 for it", Assert.Single(renamed).Reasons.Select(r => r.Text));
        var inner = before with { Files = [.. before.Files, new GeneratedFile("/etc/systemd/system/shared.service", "shared", null, null)] };
        Assert.Equal("/etc/systemd/system/shared.service, which all namespaces share, changes", Assert.Single(Assert.Single(Make(Manifest.Of(before), before, inner).NamespaceStops).Reasons).Text);
    }

    [Fact]
    public void Keys_are_named_and_what_is_down_without_being_new_is_drift()
    {
        var tree = WithPublished(Tree(("a", "wg0", ["x.service"])), "a", "p.socket");
        var applied = Manifest.Of(tree) with { Keys = ["/k"] };
        Assert.Equal(KeyChange.New, Key(Manifest.Of(tree), false).Change);
        Assert.Equal(KeyChange.Changed, Key(applied, false).Change);
        Assert.Equal(KeyChange.Damaged, Key(applied, true).Change);
        var plan = ApplyPlan.Make(applied with { Starting = ["x.service"] }, tree, new()
        {
            HashOnDisk = HashIn(tree),
            ChangedKeys = new HashSet<string> { "/k" },
            Drift = PartList.Compare(new HostState
            {
                IsUnderWay = true,
                TemporaryFiles = new Observation<IReadOnlyList<string>>.Known(["/t"]),
                Keys = [Damaged],
                Published = [new PublishedSocket("p.socket", "inactive")],
                Watchers = [new WatcherState("a", "inactive", null)],
            }),
        });
        Assert.Equal([DriftKind.CutShort, DriftKind.LeftOver, DriftKind.Key, DriftKind.Published, DriftKind.Watcher], plan.Drift.Select(d => d.Kind));
        Assert.Equal("key /k changes", Assert.Single(Assert.Single(plan.NamespaceStops).Reasons).Text);
        Assert.Equal(["p.socket"], plan.PublishStarts);
        var unwatched = PartList.Compare(new HostState { Watchers = [new WatcherState("a", "inactive", null)] });
        Assert.Equal(
            ["a"],
            ApplyPlan.Make(Manifest.Of(tree), tree, new() { HashOnDisk = HashIn(tree), Drift = unwatched }).Unwatched);
        Assert.False(ApplyPlan.Make(Manifest.Of(tree), tree, new() { HashOnDisk = HashIn(tree), LeftOvers = ["/t"] }).IsEmpty);

        PlannedKey Key(Manifest manifest, bool damaged) => Assert.Single(ApplyPlan.Make(manifest, tree, new()
        {
            HashOnDisk = HashIn(tree),
            ChangedKeys = new HashSet<string> { "/k" },
            Drift = damaged ? PartList.Compare(new HostState { Keys = [Damaged] }) : [],
        }).KeyWrites);
    }

    private static SeenItem<bool> Damaged { get; } = new("/k", new Observation<bool>.Known(false));

    private static UnitProcesses Outside(string unit) =>
        new(unit, "0:2", new Observation<IReadOnlyList<UnitProcess>>.Known([new UnitProcess(7, "0:1", 1)]));

    private static ApplyPlan Make(Manifest applied, CompiledTree onDisk, CompiledTree wanted) => ApplyPlan.Make(applied, wanted, new() { HashOnDisk = HashIn(onDisk) });

    private static Func<string, string?> HashIn(CompiledTree tree) => p => tree.Files.FirstOrDefault(f => f.Path == p) is { } file ? ContentHash.Of(file.Content) : null;

    private static NamespacePlan Inside(NamespacePlan plan, string outer) => plan with { WireGuard = plan.WireGuard with { Birthplace = outer, BirthplaceManaged = true } };

    private static CompiledTree Changed(CompiledTree tree, string unit) =>
        tree with { Files = [.. tree.Files.Select(f => f.Unit == unit ? f with { Content = "changed" } : f)] };

    private static CompiledTree WithSocket(CompiledTree tree, string ns, string socket, string service) => tree with
    {
        Files = [.. tree.Files, new GeneratedFile($"{StateLayout.UnitFolder}/{socket}.d/z.conf", "drop-in", ns, socket)],
        Namespaces = [.. tree.Namespaces.Select(n => n.Name == ns ? n with { Units = [.. n.Units, new ManifestUnit(socket, service, false)] } : n)],
    };

    private static CompiledTree WithPublished(CompiledTree tree, string ns, string socket) => tree with
    {
        Files = [.. tree.Files, new GeneratedFile($"{StateLayout.UnitFolder}/{socket}", "socket", ns, socket)],
        Namespaces = [.. tree.Namespaces.Select(n => n.Name == ns ? n with { Published = [.. n.Published, socket] } : n)],
    };

    private static CompiledTree Tree(params (string Ns, string Interface, string[] Services)[] namespaces) => new()
    {
        Files =
        [
            .. namespaces.SelectMany(n => new[]
            {
                new GeneratedFile(StateLayout.Ruleset(n.Ns), "ruleset", n.Ns, null),
                new GeneratedFile($"{StateLayout.UnitFolder}/{StateLayout.WireGuardUnit(n.Interface)}", "unit", n.Ns, null),
            }.Concat(n.Services.Select(s => new GeneratedFile($"{StateLayout.UnitFolder}/{s}.d/z.conf", "drop-in", n.Ns, s)))).OrderBy(f => f.Path, StringComparer.Ordinal),
        ],
        Keys = [],
        Plans = [.. namespaces.Select(n => Plan(n.Ns, n.Interface))],
        Namespaces = [.. namespaces.Select(n => new ManifestNamespace(n.Ns, n.Interface, [.. n.Services.Select(s => new ManifestUnit(s, null, false))], []))],
    };

    private static NamespacePlan Plan(string ns, string name) => new()
    {
        Version = 1,
        Namespace = ns,
        RulesetSha256 = "",
        DisableIPv6 = true,
        HostLink = null,
        PinnedFiles = [],
        Pinning = null,
        Policy = null,
        WireGuard = new WireGuardPlan
        {
            Interface = NamespaceSample.Link(name),
            Implementation = WireGuardImplementation.Auto,
            Addresses = [],
            Routes = [],
            Mtu = 1420,
            ListenPort = null,
            FwMark = 0,
            PrivateKeyFile = "/k",
            GeneratePrivateKey = false,
            Birthplace = null,
            BirthplaceManaged = false,
            Resolvers = [],
            Peers = [],
        },
    };
}
