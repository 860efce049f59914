using System.Text;
using VpnConfinement.Compile;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Apply;

/// <summary>What <c>apply</c> would do, with what only a look at the host tells. Changes nothing, and does not make systemd read its files again.</summary>
public sealed record Forecast
{
    /// <summary>What it would do.</summary>
    public required ApplyPlan Plan { get; init; }

    /// <summary>The line differences, from what is on disk to what would be written, of files that are there now; by path.</summary>
    public required IReadOnlyDictionary<string, string> Differences { get; init; }

    /// <summary>In words, what of a namespace's policy would change, where that is known; by the path of its ruleset.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> PolicyChanges { get; init; }

    /// <summary>Private keys that would be made, as absolute paths.</summary>
    public required IReadOnlyList<string> NewPrivateKeys { get; init; }

    /// <summary>Those of the units that would be stopped that are up; a template's instances under their own names.</summary>
    public required IReadOnlySet<string> Up { get; init; }

    /// <summary>What is not as it was applied: that of the plan, and units that systemd has loaded otherwise.</summary>
    public required IReadOnlyList<DriftEntry> Drift { get; init; }

    /// <summary>True when nothing is to be written, deleted, made, stopped or started.</summary>
    public bool IsEmpty => Plan.IsEmpty && NewPrivateKeys.Count == 0;

    /// <summary>Looks.</summary>
    /// <exception cref="SystemFailure">The host cannot be read, or <c>apply</c> would refuse.</exception>
    public static Forecast Of(Systemctl systemctl, CompiledTree tree)
    {
        Preflight.Run(tree);
        var plan = new Applier(systemctl, static _ => { }).Prepare(UnnamedFiles.AddTo(ManifestStore.Load(), tree), tree);
        return new Forecast
        {
            Plan = plan,
            Differences = plan.Writes.Where(f => f.LinkTo is null && File.Exists(f.Path)).ToDictionary(f => f.Path, DifferenceOf, StringComparer.Ordinal),
            PolicyChanges = PolicyChangesOf(plan, tree),
            NewPrivateKeys = [.. tree.Plans.Where(p => p.WireGuard.GeneratePrivateKey).Select(p => p.WireGuard.PrivateKeyFile).Where(p => !Path.Exists(p)).Distinct().Order(StringComparer.Ordinal)],
            Up = systemctl.UpUnits([.. plan.Restarts.Concat(plan.Unconfined).Distinct()]).ToHashSet(StringComparer.Ordinal),
            Drift = [.. plan.Drift, .. Loaded(systemctl, tree, plan)],
        };
    }

    // Of units whose files are written anyway nothing else can be loaded yet.
    private static IReadOnlyList<DriftEntry> Loaded(Systemctl systemctl, CompiledTree tree, ApplyPlan plan)
    {
        var changing = plan.Writes.Select(f => f.Unit).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return new LoadedUnits(systemctl).Drift(tree with
        {
            Namespaces =
            [
                .. tree.Namespaces.Select(n => n with
                {
                    Units = [.. n.Units.Where(u => !changing.Contains(u.Name))],
                    Published = [.. n.Published.Where(p => !changing.Contains(p))],
                }),
            ],
        });
    }

    private static Dictionary<string, IReadOnlyList<string>> PolicyChangesOf(ApplyPlan plan, CompiledTree tree)
    {
        var changed = plan.FileWrites.Where(w => w.Change == FileChange.Changed).Select(w => w.File.Path).ToHashSet(StringComparer.Ordinal);
        var found = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var wanted in tree.Plans.Where(p => changed.Contains(StateLayout.Ruleset(p.Namespace))))
        {
            try
            {
                if (NamespaceRuleset.PolicyOf(PlanStore.Load(wanted.Namespace).Plan) is { } before
                    && NamespaceRuleset.PolicyOf(wanted) is { } after
                    && PolicyDifference.Between(before, after) is { Count: > 0 } words)
                {
                    found.Add(StateLayout.Ruleset(wanted.Namespace), words);
                }
            }
            catch (SystemFailure)
            {
                // Damaged, which is found elsewhere; its text is shown instead.
            }
        }

        return found;
    }

    private static string DifferenceOf(GeneratedFile file) =>
        LineDiff.Unified(Encoding.UTF8.GetString(RegularFile.ReadBytes(file.Path)), file.Content);
}
