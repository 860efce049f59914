using System.Text.Json.Serialization;
using VpnConfinement.Compile;
using VpnConfinement.Model;

namespace VpnConfinement.State;

/// <summary>What was applied: which files on the host are ours, and what they hold. Kept beside the state, never a secret in it.</summary>
public sealed record Manifest
{
    /// <summary>Format of this file; a reader refuses any other.</summary>
    public const int CurrentVersion = 3;

    /// <summary>Nothing applied.</summary>
    public static Manifest Empty { get; } = new() { Version = CurrentVersion, Files = [], Keys = [], Namespaces = [], Starting = [] };

    /// <summary>Format of this file.</summary>
    public required int Version { get; init; }

    /// <summary>The files, in ordinal order of their paths.</summary>
    public required IReadOnlyList<ManifestFile> Files { get; init; }

    /// <summary>Paths of key copies.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>The namespaces with the units that hang on them.</summary>
    public required IReadOnlyList<ManifestNamespace> Namespaces { get; init; }

    /// <summary>Units that a change which has not finished yet has to start at its end; empty otherwise.</summary>
    public required IReadOnlyList<string> Starting { get; init; }

    /// <summary>Units that the last change, which has finished, had to start and that did not start: the next one tries again.</summary>
    public IReadOnlyList<string> Unstarted { get; init; } = [];

    /// <summary>Paths of key copies that a change which has not finished yet writes; empty otherwise. What is in place of them says nothing about the device.</summary>
    public IReadOnlyList<string> ChangingKeys { get; init; } = [];

    /// <summary>Number of the generation that was applied last and was committed; 0 for none, or where none is kept.</summary>
    public int Generation { get; init; }

    /// <summary>Those of the files that were found on disk and are in no manifest: it was lost, or is an older one.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Unnamed { get; init; } = [];

    /// <summary>Whether the last change has finished.</summary>
    [JsonIgnore]
    public bool IsWhole => Starting.Count + ChangingKeys.Count == 0 && Files.All(f => f.Sha256.Length > 0);

    /// <summary>The manifest of a compiled tree.</summary>
    public static Manifest Of(CompiledTree tree) => new()
    {
        Version = CurrentVersion,
        Files = [.. tree.Files.Select(f => new ManifestFile(f.Path, ContentHash.Of(f.Content), f.Namespace, f.Unit))],
        Keys = [.. tree.Keys.Select(k => k.Path).Order(StringComparer.Ordinal)],
        Namespaces = tree.Namespaces,
        Starting = [],
    };

    /// <summary>
    /// What is written before a change from this to <paramref name="wanted"/> begins: everything that either names, and no hash for what
    /// changes. A change that is cut short leaves this behind, so the next one still knows all that is ours and does every part of it again.
    /// </summary>
    /// <param name="wanted">What it changes to.</param>
    /// <param name="starting">Units that the change has to start at its end.</param>
    /// <param name="keys">Paths of key copies that it writes.</param>
    public Manifest ChangingTo(Manifest wanted, IReadOnlyList<string> starting, IReadOnlyList<string> keys)
    {
        var before = Files.ToDictionary(f => f.Path, StringComparer.Ordinal);
        var after = wanted.Files.ToDictionary(f => f.Path, StringComparer.Ordinal);
        return Merge(wanted, starting, [.. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal).Select(p =>
            before.TryGetValue(p, out var old) && old == after.GetValueOrDefault(p) ? old : (after.GetValueOrDefault(p) ?? before[p]) with { Sha256 = "" })]) with
        {
            ChangingKeys = [.. ChangingKeys.Concat(keys).Distinct().Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>This together with files that were found on disk, and what hangs on them.</summary>
    public Manifest With(IReadOnlyList<ManifestFile> found, IReadOnlyList<ManifestNamespace> namespaces) => found.Count == 0 ? this :
        Merge(Empty with { Namespaces = namespaces }, Starting, [.. Files.Concat(found).OrderBy(f => f.Path, StringComparer.Ordinal)]) with
        {
            ChangingKeys = ChangingKeys,
            Unstarted = Unstarted,
            Unnamed = [.. found.Select(f => f.Path).Order(StringComparer.Ordinal)],
        };

    private Manifest Merge(Manifest other, IReadOnlyList<string> starting, IReadOnlyList<ManifestFile> files) => new()
    {
        Version = CurrentVersion,
        Generation = Generation,
        Files = files,
        Starting = starting,
        Keys = [.. Keys.Concat(other.Keys).Distinct().Order(StringComparer.Ordinal)],
        Namespaces =
        [
            .. Namespaces.Concat(other.Namespaces).GroupBy(n => (n.Name, n.Interface))
                .Select(g => new ManifestNamespace(
                    g.Key.Name,
                    g.Key.Interface,
                    [.. g.SelectMany(n => n.Units).Distinct().OrderBy(u => u.Name, StringComparer.Ordinal)],
                    [.. g.SelectMany(n => n.Published).Distinct().Order(StringComparer.Ordinal)]))
                .OrderBy(n => n.Name, StringComparer.Ordinal).ThenBy(n => n.Interface, StringComparer.Ordinal),
        ],
    };
}
