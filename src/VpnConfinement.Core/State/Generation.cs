using VpnConfinement.Compile;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.State;

/// <summary>What was applied at one time, whole: it can be brought back without the configuration that it came from. Holds no secret.</summary>
public sealed record Generation
{
    /// <summary>Format of this file; a reader refuses any other.</summary>
    public const int CurrentVersion = 2;

    /// <summary>Format of this file.</summary>
    public required int Version { get; init; }

    /// <summary>Its number, from 1; the first that was applied has the lowest.</summary>
    public required int Number { get; init; }

    /// <summary>When it was first applied, in UTC.</summary>
    public required DateTimeOffset Made { get; init; }

    /// <summary>Number of the one that was applied when this one was made, which going back leads to; 0 for none.</summary>
    public required int Previous { get; init; }

    /// <summary>The files.</summary>
    public required IReadOnlyList<GeneratedFile> Files { get; init; }

    /// <summary>The keys that came from configuration texts.</summary>
    public required IReadOnlyList<GenerationKey> Keys { get; init; }

    /// <summary>The namespaces with the units that hang on them.</summary>
    public required IReadOnlyList<ManifestNamespace> Namespaces { get; init; }

    /// <summary>Paths on which the host listens for published ports.</summary>
    public required IReadOnlyList<string> SocketPaths { get; init; }

    /// <summary>The generation of a compiled tree.</summary>
    public static Generation Of(int number, int previous, DateTimeOffset made, CompiledTree tree) => new()
    {
        Version = CurrentVersion,
        Number = number,
        Previous = previous,
        Made = made,
        Files = tree.Files,
        Keys = [.. tree.Keys.Select(k => new GenerationKey(k.Path, ContentHash.Of(k.FileText())))],
        Namespaces = tree.Namespaces,
        SocketPaths = tree.SocketPaths,
    };

    /// <summary>What to apply to have it back.</summary>
    /// <param name="keyOf">Finds a key.</param>
    /// <exception cref="System.Text.Json.JsonException">Another version of this program made its plans.</exception>
    public CompiledTree ToTree(Func<GenerationKey, Secret> keyOf)
    {
        var texts = Files.ToDictionary(f => f.Path, f => f.Content, StringComparer.Ordinal);
        return new CompiledTree
        {
            Files = Files,
            Keys = [.. Keys.Select(k => new KeySource.Copied(k.Path, keyOf(k)))],
            Plans = [.. Namespaces.Select(n => PlanJson.Read(texts.GetValueOrDefault(StateLayout.Plan(n.Name)) ?? ""))],
            Namespaces = Namespaces,
            SocketPaths = SocketPaths,
        };
    }
}
