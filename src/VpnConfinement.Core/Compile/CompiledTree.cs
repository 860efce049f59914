using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Compile;

/// <summary>What a configuration compiles to.</summary>
public sealed record CompiledTree
{
    /// <summary>All files in ordinal order of their paths. None holds a secret; all are mode 0644.</summary>
    public required IReadOnlyList<GeneratedFile> Files { get; init; }

    /// <summary>Keys that <c>apply</c> copies to files of mode 0600; <c>build</c> never writes them.</summary>
    public required IReadOnlyList<KeySource.Copied> Keys { get; init; }

    /// <summary>The plans, in ordinal order of their namespaces.</summary>
    public required IReadOnlyList<NamespacePlan> Plans { get; init; }

    /// <summary>The namespaces with the units that hang on them, in the same order.</summary>
    public required IReadOnlyList<ManifestNamespace> Namespaces { get; init; }

    /// <summary>Paths on which the host listens for published ports.</summary>
    public IReadOnlyList<string> SocketPaths { get; init; } = [];
}
