using VpnConfinement.Text;

namespace VpnConfinement.Fuzz;

/// <summary>A reader under test.</summary>
/// <param name="Name">Its name, which is its folder in the corpus.</param>
/// <param name="Words">Pieces of its language.</param>
/// <param name="Try">
/// Gives it a text, checks every property of what comes of it, and says what kind of thing came of it: an input of a new kind is kept and mutated further.
/// </param>
public sealed record Target(string Name, IReadOnlyList<string> Words, Func<string, string> Try)
{
    /// <summary>All targets.</summary>
    public static IReadOnlyList<Target> All { get; } =
    [
        new("toml", [.. Dictionary.Options, .. Dictionary.Toml, .. Dictionary.Values], text => ConfigProperties.Check(text, json: false)),
        new("json", [.. Dictionary.Options, .. Dictionary.Json, .. Dictionary.Values], text => ConfigProperties.Check(text, json: true)),
        new("wg-quick", [.. Dictionary.WgQuick, .. Dictionary.Values], WgQuickProperties.Check),
    ];
}
