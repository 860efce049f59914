using VpnConfinement.Config;

namespace VpnConfinement.Validation;

/// <summary>Ports as the model has them.</summary>
internal static class Ports
{
    /// <summary>Ascending, each once.</summary>
    internal static IReadOnlyList<ushort> Of(IEnumerable<Located<int>> ports) => [.. ports.Select(p => (ushort)p.Value).Distinct().Order()];
}
