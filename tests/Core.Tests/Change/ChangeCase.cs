using VpnConfinement.Compile;
using VpnConfinement.Drift;
using VpnConfinement.State;

namespace VpnConfinement.Core.Tests.Change;

/// <summary>A change of a host on which everything that was applied runs.</summary>
/// <param name="Name">What the case is called.</param>
/// <param name="Before">What was applied; nothing on a new host.</param>
/// <param name="After">What is to be.</param>
internal sealed record ChangeCase(string Name, CompiledTree Before, CompiledTree After)
{
    private static readonly CompiledTree Empty = SampleNamespace.Tree();
    private static readonly SampleNamespace Media = new("media", "tv.service", "web.service");
    private static readonly SampleNamespace Work = new("work", "mail.service");

    /// <summary>The services that run: those that were applied, and others that are not confined.</summary>
    internal string[] Up { get; init; } = ["tv.service", "web.service", "mail.service"];

    /// <summary>What is not as it was applied.</summary>
    internal IReadOnlyList<DriftEntry> Damage { get; init; } = [];

    /// <summary>What an earlier change, which was cut short, was to bring about; null where there was none.</summary>
    internal CompiledTree? CutShort { get; init; }

    /// <summary>Whether an earlier generation is gone back to.</summary>
    internal bool IsRollback { get; init; }

    internal static IReadOnlyList<ChangeCase> All { get; } =
    [
        new("first-apply", Empty, SampleNamespace.Tree(Media)),
        new("first-apply-of-what-is-down", Empty, SampleNamespace.Tree(Media)) { Up = [] },
        new(
            "changed-port",
            SampleNamespace.Tree(Media with { Published = ["p.socket"] }, Work),
            SampleNamespace.Tree(Media with { Published = ["p.socket"], Listen = "8081", Ruleset = "8081" }, Work)),
        new("living-change", SampleNamespace.Tree(Media, Work), SampleNamespace.Tree(Media with { Mtu = 1300 }, Work)),
        new(
            "changed-address",
            SampleNamespace.Tree(Media with { Published = ["p.socket"] }, Work),
            SampleNamespace.Tree(Media with { Published = ["p.socket"], Address = "10.64.0.3" }, Work)),
        new(
            "service-added",
            SampleNamespace.Tree(Media),
            SampleNamespace.Tree(Media with { Services = ["mail.service", "tv.service", "web.service"] })),
        new(
            "service-released",
            SampleNamespace.Tree(Media, Work),
            SampleNamespace.Tree(Media with { Services = ["web.service"] }, Work)),
        new(
            "service-moved",
            SampleNamespace.Tree(Media, Work),
            SampleNamespace.Tree(
                Media with { Services = ["web.service"] }, Work with { Services = ["mail.service", "tv.service"] })),
        new("namespace-removed", SampleNamespace.Tree(Media, Work), SampleNamespace.Tree(Media)),
        new("repair-only", SampleNamespace.Tree(Media, Work), SampleNamespace.Tree(Media, Work))
        {
            Damage =
            [
                new(DriftKind.Namespace, "media", "it is not known")
                {
                    Part = PartList.Ruleset,
                    IsUnknown = true,
                    IsUnproven = true,
                },
            ],
        },
        new("rollback", SampleNamespace.Tree(Media, Work), SampleNamespace.Tree(Media with { Ruleset = "old" }, Work))
        {
            IsRollback = true,
        },
        new("remove", SampleNamespace.Tree(Media with { Published = ["p.socket"] }, Work), Empty),
        new("cut-short-before", SampleNamespace.Tree(Media, Work), SampleNamespace.Tree(Media with { Mtu = 1300 }))
        {
            CutShort = SampleNamespace.Tree(Media with { Address = "10.64.0.3" }, Work),
        },
    ];

    /// <summary>What the manifest says; after a change that was cut short, of both sides of it.</summary>
    internal Manifest Applied => Before.Namespaces.Count == 0 ? Manifest.Empty
        : CutShort is null ? Whole : Whole.ChangingTo(Manifest.Of(CutShort), Up, []);

    /// <summary>The number under which the change is kept.</summary>
    internal int Generation => After.Namespaces.Count == 0 ? 0 : IsRollback ? 1 : Whole.Generation + 1;

    /// <summary>Whether the change stays though units do not start: going back would lose a confinement.</summary>
    internal bool Stays => IsRollback || Applied.Generation == 0 || After.Namespaces.Count == 0
        || Units(After).Except(Units(Before)).Any();

    private Manifest Whole => Manifest.Of(Before) with { Generation = Before.Namespaces.Count == 0 ? 0 : 2 };

    internal static IEnumerable<string> Units(CompiledTree tree) =>
        tree.Namespaces.SelectMany(n => n.Units).Select(u => u.Name);

    public override string ToString() => Name;
}
